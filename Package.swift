// swift-tools-version: 6.3

import PackageDescription

/// Every target is held to the same rules. `EVENTLOG_STRICT=1` (set by `Tests/run`) makes warnings errors.
let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
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
    .target(name: "CLinux"),

    .target(name: "JSON", swiftSettings: settings),
    .target(name: "Linux", dependencies: ["CLinux", system], swiftSettings: settings),
    .target(name: "EventLog", dependencies: ["JSON"], swiftSettings: settings),
    .target(name: "EventLogFormats", dependencies: ["EventLog", "JSON"], swiftSettings: settings),
    .target(
      name: "EventLogSQLite",
      dependencies: [
        "EventLog", "Linux", logging, system, .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .target(name: "HTTPCore", dependencies: ["JSON", httpTypes], swiftSettings: settings),
    .target(
      name: "EventLogAPI", dependencies: ["EventLog", "EventLogFormats", "HTTPCore", "JSON", httpTypes],
      resources: [.embedInCode("Resources")],
      swiftSettings: settings),
    .target(
      name: "EventLogWeb",
      dependencies: [
        "EventLog", "EventLogAPI", "EventLogFormats", "HTTPCore", "JSON", httpTypes,
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      resources: [.embedInCode("Templates"), .embedInCode("Static")],
      swiftSettings: settings),
    .target(
      name: "FastCGI", dependencies: ["CFastCGI", "HTTPCore", "Linux", httpTypes, logging, system],
      swiftSettings: settings),
    .executableTarget(
      name: "EventLogCommand",
      dependencies: [
        "EventLog", "EventLogAPI", "EventLogFormats", "EventLogSQLite", "EventLogWeb", "FastCGI", "HTTPCore",
        "Linux",
        logging, system,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    .target(
      name: "TestSupport", dependencies: ["EventLog", "HTTPCore", httpTypes], path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(name: "HouseTests", swiftSettings: settings),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
    .testTarget(
      name: "LinuxTests", dependencies: ["CLinux", "Linux", "TestSupport", system], swiftSettings: settings),
    .testTarget(name: "EventLogTests", dependencies: ["EventLog"], swiftSettings: settings),
    .testTarget(
      name: "EventLogFormatsTests", dependencies: ["EventLog", "EventLogFormats", "JSON", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "EventStoreTests",
      dependencies: [
        "EventLog", "EventLogSQLite", "Linux", "TestSupport", logging, system,
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "HTTPCoreTests", dependencies: ["HTTPCore", "TestSupport", httpTypes], swiftSettings: settings),
    .testTarget(
      name: "EventLogAPITests",
      dependencies: [
        "EventLog", "EventLogAPI", "EventLogFormats", "HTTPCore", "JSON", "TestSupport", httpTypes,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "EventLogWebTests",
      dependencies: ["EventLog", "EventLogAPI", "EventLogWeb", "HTTPCore", "JSON", "TestSupport", httpTypes],
      swiftSettings: settings),
    .testTarget(
      name: "FastCGITests",
      dependencies: ["CLinux", "FastCGI", "HTTPCore", "Linux", "TestSupport", httpTypes, logging, system],
      swiftSettings: settings),
    .testTarget(
      name: "EventLogCommandTests",
      dependencies: [
        "EventLog", "EventLogAPI", "EventLogCommand", "EventLogFormats", "EventLogSQLite", "Linux",
        "TestSupport", logging,
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
        "EventLog", "EventLogFormats", "FastCGI", "HTTPCore", "JSON", "Linux", httpTypes, system,
      ],
      path: "Tests/Fuzzing", exclude: ["run", "Seeds"], swiftSettings: settings))
}
