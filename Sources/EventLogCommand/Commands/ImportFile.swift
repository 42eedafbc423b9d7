import ArgumentParser
import Foundation

/// What is imported, as a file that can be read twice: what comes from elsewhere is put into a temporary one.
struct ImportFile {
  private let path: String
  private let isTemporary: Bool
  /// In bytes.
  let size: Int

  /// - Parameter input: a path, a URL, or `-`.
  /// - Throws: `ExitCode` 66 (EX_NOINPUT) when it cannot be read.
  init(_ input: String) throws {
    let isURL = input.hasPrefix("http://") || input.hasPrefix("https://")
    isTemporary = isURL || input == "-"
    path = isTemporary ? NSTemporaryDirectory() + "eventlog-import-\(UUID().uuidString)" : input
    do {
      if isURL { try Self.download(input, to: path) }
      if input == "-" { try Self.copyStandardInput(to: path) }
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      size = attributes[.size] as? Int ?? 0
      guard attributes[.type] as? FileAttributeType != .typeDirectory else {
        throw CocoaError(.fileReadUnknown)
      }
      try FileHandle(forReadingFrom: URL(filePath: path)).close()
    } catch {
      if isTemporary { try? FileManager.default.removeItem(atPath: path) }
      if !(error is ExitCode) { Exit.say("cannot read \(input): \(error.localizedDescription)") }
      throw ExitCode(EX_NOINPUT)
    }
  }

  func open() throws -> FileHandle {
    try FileHandle(forReadingFrom: URL(filePath: path))
  }

  func remove() {
    if isTemporary { try? FileManager.default.removeItem(atPath: path) }
  }

  private static func copyStandardInput(to path: String) throws {
    let file = try makeFile(path)
    while case let bytes = FileHandle.standardInput.availableData, !bytes.isEmpty {
      try file.write(contentsOf: bytes)
    }
    try file.close()
  }

  /// By curl, which knows proxies, certificates and redirections; it fails when the answer is cut.
  private static func download(_ url: String, to path: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "curl", "--fail", "--silent", "--show-error", "--location", "--header", "Accept: application/json",
      "--url", url,
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try makeFile(path)
    try process.run()
    process.waitUntilExit()
    switch process.terminationStatus {
    case 0: return
    case 127: Exit.say("curl is missing, which reads URLs: apt-get install curl")
    default: Exit.say("cannot read \(url); curl says why above")
    }
    throw ExitCode(EX_NOINPUT)
  }

  /// Only for this user.
  private static func makeFile(_ path: String) throws -> FileHandle {
    guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
    else { throw CocoaError(.fileWriteUnknown) }
    return try FileHandle(forWritingTo: URL(filePath: path))
  }
}
