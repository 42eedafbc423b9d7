import HTTPCore
import Linux
import SystemPackage

/// Collects a streamed body, so that its length is known before its first byte is sent.
///
/// A web server does not notice that a CGI program has died: without `Content-Length`, a body that was cut short would
/// look complete. A short body is held in memory, a longer one in a temporary file without a name.
actor BodySpool: BodyWriter {
  /// How much of a body is held in memory, in bytes.
  private static let memory = 1 << 20

  private var waiting: [UInt8] = []
  private var file: FileDescriptor?
  /// The length of the body so far, in bytes.
  private(set) var length = 0

  func write(_ bytes: [UInt8]) async throws {
    length += bytes.count
    waiting += bytes
    if waiting.count > Self.memory { try moveToFile() }
  }

  /// Sends the whole body.
  ///
  /// - Parameter output: the descriptor to which the body is written with blocking calls.
  /// - Throws: `SystemCallError` if the output cannot be written or the file cannot be read.
  func send(to output: FileDescriptor) throws(SystemCallError) {
    guard let file else { return try output.write(all: waiting) }
    try moveToFile()
    try systemCall("lseek") { try file.seek(offset: 0, from: .start) }
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = try file.read(into: &part)
      if count == 0 { return }
      try output.write(all: Array(part.prefix(count)))
    }
  }

  private func moveToFile() throws(SystemCallError) {
    let file = if let file { file } else { try FileDescriptor.temporaryFile() }
    self.file = file
    try file.write(all: waiting)
    waiting = []
  }

  deinit {
    try? file?.close()
  }
}
