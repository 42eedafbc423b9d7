// swift-tools-version: 6.3

import PackageDescription

/// Every target is held to the same rules. `EVENTLOG_STRICT=1` (set by `Tests/run`) makes warnings errors.
let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // An asynchronous function goes on where it was called, without asking for the thread again.
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  ] + (Context.environment["EVENTLOG_STRICT"] == "1" ? [.treatAllWarnings(as: .error)] : [])

let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

let package = Package(
  name: "EventLog",
  products: [
    .executable(name: "eventlog", targets: ["EventLogCommand"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
  ],
  targets: [
    .systemLibrary(name: "CFastCGI", pkgConfig: "fcgi", providers: [.apt(["libfcgi-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CMessageDigest", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
    .target(name: "CLinux"),
    .target(name: "CCurl"),

    .target(name: "Text", swiftSettings: settings),
    .target(name: "JSON", dependencies: ["Text"], swiftSettings: settings),
    .target(name: "Linux", dependencies: ["CLinux", system], swiftSettings: settings),
    .target(name: "EventLog", dependencies: ["JSON", "Text"], swiftSettings: settings),
    .target(
      name: "EventLogFormats", dependencies: ["CZlib", "EventLog", "JSON", "Text"], swiftSettings: settings),
    .target(name: "EventIndex", dependencies: ["EventLog", "Text"], swiftSettings: settings),
    .target(
      name: "EventLogAccess", dependencies: ["CMessageDigest", "EventLog", "JSON", "Text"],
      swiftSettings: settings),
    .target(
      name: "EventLogSQLite",
      dependencies: [
        "EventIndex", "EventLog", "EventLogAccess", "Linux", "Text", logging, system,
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .target(name: "HTTPCore", dependencies: ["JSON", "Text", httpTypes], swiftSettings: settings),
    .target(
      name: "EventLogAPI",
      dependencies: ["EventLog", "EventLogAccess", "EventLogFormats", "HTTPCore", "JSON", "Text", httpTypes],
      resources: [.embedInCode("Resources")],
      swiftSettings: settings),
    .target(
      name: "EventLogWeb",
      dependencies: [
        "EventLog", "EventLogAPI", "EventLogAccess", "EventLogFormats", "HTTPCore", "JSON", "Text", httpTypes,
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      resources: [.embedInCode("Templates"), .embedInCode("Static")],
      swiftSettings: settings),
    .target(name: "HTTPClient", dependencies: ["CCurl", "Linux", system], swiftSettings: settings),
    .target(
      name: "FastCGI", dependencies: ["CFastCGI", "HTTPCore", "Linux", "Text", httpTypes, logging, system],
      swiftSettings: settings),
    .executableTarget(
      name: "EventLogCommand",
      dependencies: [
        "EventLog", "EventLogAPI", "EventLogAccess", "EventLogFormats", "EventLogSQLite", "EventLogWeb",
        "FastCGI", "HTTPClient", "HTTPCore", "JSON", "Linux", "Text",
        logging, system,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    .target(
      name: "TestSupport", dependencies: ["EventLog", "HTTPCore", "Text", httpTypes],
      path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(name: "HouseTests", swiftSettings: settings),
    .testTarget(name: "TextTests", dependencies: ["Text"], swiftSettings: settings),
    .testTarget(name: "JSONTests", dependencies: ["JSON", "TestSupport", "Text"], swiftSettings: settings),
    .testTarget(
      name: "LinuxTests", dependencies: ["CLinux", "Linux", "TestSupport", system], swiftSettings: settings),
    .testTarget(
      name: "EventLogTests", dependencies: ["EventLog", "JSON", "TestSupport", "Text"],
      swiftSettings: settings),
    .testTarget(
      name: "EventLogAccessTests", dependencies: ["EventLog", "EventLogAccess", "TestSupport", "Text"],
      swiftSettings: settings),
    .testTarget(
      name: "EventIndexTests", dependencies: ["EventIndex", "EventLog", "TestSupport", "Text"],
      swiftSettings: settings),
    .testTarget(
      name: "EventLogFormatsTests",
      dependencies: ["CZlib", "EventLog", "EventLogFormats", "JSON", "TestSupport", "Text"],
      swiftSettings: settings),
    .testTarget(
      name: "EventStoreTests",
      dependencies: [
        "EventLog", "EventLogAccess", "EventLogSQLite", "Linux", "TestSupport", "Text", logging, system,
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "HTTPCoreTests", dependencies: ["HTTPCore", "TestSupport", "Text", httpTypes],
      swiftSettings: settings),
    .testTarget(
      name: "EventLogAPITests",
      dependencies: [
        "EventLog", "EventLogAPI", "EventLogAccess", "EventLogFormats", "HTTPCore", "JSON", "TestSupport",
        "Text", httpTypes,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "EventLogWebTests",
      dependencies: [
        "EventLog", "EventLogAPI", "EventLogAccess", "EventLogWeb", "HTTPCore", "JSON", "TestSupport", "Text",
        httpTypes,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "HTTPClientTests", dependencies: ["CLinux", "HTTPClient", "Linux", system],
      swiftSettings: settings),
    .testTarget(
      name: "FastCGITests",
      dependencies: [
        "CLinux", "FastCGI", "HTTPCore", "Linux", "TestSupport", "Text", httpTypes, logging, system,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "EventLogCommandTests",
      dependencies: [
        "EventLog", "EventLogAPI", "EventLogCommand", "EventLogFormats", "EventLogSQLite", "HTTPCore",
        "Linux",
        "TestSupport", "Text", logging,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)

// `Tests/Fuzzing/run` sets it: its flags and the library that it links are nothing for other builds.
if Context.environment["EVENTLOG_FUZZING"] == "1" {
  package.products.append(.executable(name: "fuzz", targets: ["Fuzzing"]))
  package.targets.append(
    .executableTarget(
      name: "Fuzzing",
      dependencies: [
        "EventLog", "EventLogFormats", "FastCGI", "HTTPCore", "JSON", "Linux", "Text", httpTypes, system,
      ],
      path: "Tests/Fuzzing", exclude: ["run", "Seeds"], swiftSettings: settings))
}
