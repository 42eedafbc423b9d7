import ArgumentParser
import Foundation
import Linux
import SystemPackage

/// The input of an import, as a file that can be read more than once. What does not come from a regular file is first
/// copied to a temporary file, which has no name, so that no other user can open it and nothing of it is left.
struct ImportFile {
  private let descriptor: FileDescriptor
  /// The file's size in bytes.
  let size: Int

  /// Opens the input, and copies it if it can be read only once.
  ///
  /// - Parameter input: a path, a URL, or `-` for standard input.
  /// - Throws: `ExitCode` 66 (EX_NOINPUT) when the input cannot be read or copied.
  init(_ input: String) throws {
    do {
      descriptor = try Self.open(input)
      size = Int(try descriptor.stat().size)
    } catch let error where !(error is ExitCode) {
      let reason = (error as? SystemCallError)?.errno.description ?? "\(error)"
      Exit.say("cannot read \(input): \(reason)")
      throw ExitCode(EX_NOINPUT)
    }
  }

  /// Starts to read the file from its beginning.
  ///
  /// - Returns: a function that returns the next bytes of the file, and none at its end.
  /// - Throws: `SystemCallError` when the file cannot be read.
  func read() throws -> () throws -> [UInt8] {
    try systemCall("lseek") { try descriptor.seek(offset: 0, from: .start) }
    return { [descriptor] in
      var bytes = [UInt8](repeating: 0, count: 1 << 18)
      let count = try descriptor.read(into: &bytes)
      return Array(bytes.prefix(count))
    }
  }

  func close() {
    try? descriptor.close()
  }

  private static func open(_ input: String) throws -> FileDescriptor {
    if input.hasPrefix("http://") || input.hasPrefix("https://") { return try download(input) }
    if input == "-" { return try copy(.standardInput) }
    let file = try systemCall("open") { try FileDescriptor.open(input, .readOnly, options: .closeOnExec) }
    if try file.stat().type == .regular { return file }
    defer { try? file.close() }
    return try copy(file)
  }

  private static func copy(_ source: FileDescriptor) throws -> FileDescriptor {
    let file = try FileDescriptor.temporaryFile()
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = try source.read(into: &bytes), count > 0 {
      try file.write(all: Array(bytes.prefix(count)))
    }
    return file
  }

  /// Downloads a file with curl, which handles proxies, certificates and redirects, and fails when the response is
  /// incomplete.
  private static func download(_ url: String) throws -> FileDescriptor {
    let file = try FileDescriptor.temporaryFile()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "curl", "--fail", "--silent", "--show-error", "--location", "--header", "Accept: application/json",
      "--url", url,
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(fileDescriptor: file.rawValue, closeOnDealloc: false)
    try process.run()
    process.waitUntilExit()
    switch process.terminationStatus {
    case 0: return file
    case 127: Exit.say("curl, which reads URLs, is missing; install it with: apt-get install curl")
    default: Exit.say("cannot read \(url); curl gives the reason above")
    }
    throw ExitCode(EX_NOINPUT)
  }
}
