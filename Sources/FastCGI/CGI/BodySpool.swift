import Foundation
import Glibc
import HTTPCore

/// Takes in a streamed body, so that its length is known before its first byte is sent.
///
/// A web server does not see that a CGI program has died: without `Content-Length` a body that was cut would look
/// complete. Memory holds a short body, a temporary file without a name a longer one.
actor BodySpool: BodyWriter {
  private static let memory = 1 << 20

  private var waiting: [UInt8] = []
  private var file: DescriptorWriter?
  /// In bytes.
  private(set) var length = 0

  func write(_ bytes: [UInt8]) async throws {
    length += bytes.count
    waiting += bytes
    if waiting.count > Self.memory { try await moveToFile() }
  }

  /// Passes everything on.
  ///
  /// - Throws: what `output` throws; or when the file cannot be read.
  func send(to output: some BodyWriter) async throws {
    guard let file else { return try await output.write(waiting) }
    try await moveToFile()
    guard lseek(file.descriptor, 0, SEEK_SET) == 0 else { throw SystemError("lseek") }
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(file.descriptor, &part, part.count)
      guard count >= 0 else { throw SystemError("read") }
      if count == 0 { return }
      try await output.write(Array(part.prefix(count)))
    }
  }

  private func moveToFile() async throws {
    let file = try file ?? Self.makeFile()
    self.file = file
    try await file.write(waiting)
    waiting = []
  }

  private static func makeFile() throws(SystemError) -> DescriptorWriter {
    let path = "\(NSTemporaryDirectory())/eventlog-\(Request.makeID())"
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemError("open") }
    unlink(path)
    return DescriptorWriter(descriptor: descriptor)
  }

  deinit {
    if let file { close(file.descriptor) }
  }
}
