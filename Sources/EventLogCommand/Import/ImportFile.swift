import ArgumentParser
import Foundation

/// The input of an import, as a file that can be read twice. What does not come from a file is first copied to a
/// temporary one.
struct ImportFile {
  private let path: String
  private let isTemporary: Bool
  /// The file's size in bytes.
  let size: Int

  /// Makes sure that the input can be read, and copies it if it is not a file.
  ///
  /// - Parameter input: a path, a URL, or `-` for standard input.
  /// - Throws: `ExitCode` 66 (EX_NOINPUT) when the input cannot be read.
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

  /// Downloads a file with curl, which handles proxies, certificates and redirects, and fails when the response is
  /// incomplete.
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
    case 127: Exit.say("curl, which reads URLs, is missing; install it with: apt-get install curl")
    default: Exit.say("cannot read \(url); curl gives the reason above")
    }
    throw ExitCode(EX_NOINPUT)
  }

  /// Makes an empty file that only this user can read and write.
  private static func makeFile(_ path: String) throws -> FileHandle {
    guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
    else { throw CocoaError(.fileWriteUnknown) }
    return try FileHandle(forWritingTo: URL(filePath: path))
  }
}
