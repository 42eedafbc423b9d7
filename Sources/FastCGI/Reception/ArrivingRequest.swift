import Linux
import SystemPackage

/// A request that arrives in pieces. It is put together for libfcgi, which would wait for each of them.
final class ArrivingRequest {
  enum End: Equatable {
    /// Everything is there. The connection can be used again where nothing came behind it.
    case whole(isAlone: Bool)
    /// The peer sends no more of its body, or has sent more than anybody would read.
    case cut
    /// The peer sends no more, and there is no request yet.
    case nothing
    /// No request is like this.
    case malformed
  }

  /// How much of a content that is too large is received and dropped to keep the connection, in bytes.
  private static let dropLimit = 16 << 20

  private let maximumBodySize: Int
  private var framing = RequestFraming()
  private var requestID: UInt16 = 0
  private var beginRequest: [UInt8] = []
  private var params: [UInt8] = []
  private var hasParams = false
  /// Of standard input, what is kept.
  private var body: [UInt8] = []
  /// Bytes of standard input.
  private var bodySize = 0
  private var isWhole = false

  /// - Parameter maximumBodySize: in bytes. One more is kept, which tells that the body is too large.
  init(maximumBodySize: Int) {
    self.maximumBodySize = maximumBodySize
  }

  /// Receives to the end of the request. It blocks as long as the descriptor lets a read block.
  ///
  /// - Parameter descriptor: a connection.
  /// - Returns: how the request ended.
  func receive(from descriptor: FileDescriptor) -> End {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = (try? descriptor.read(into: &bytes)) ?? 0
      guard count > 0 else { return hasParams ? .cut : .nothing }
      switch append(bytes[..<count]) {
      case .incomplete: if bodySize > maximumBodySize + Self.dropLimit { return .cut }
      case .whole(let size): return .whole(isAlone: size == count)
      case .malformed: return .malformed
      }
    }
  }

  /// Takes in the next piece of the request.
  ///
  /// - Returns: how far the request is with it.
  func append(_ bytes: ArraySlice<UInt8>) -> RequestFraming.Progress {
    framing.advance(over: bytes) { header, part in append(part, of: header) }
  }

  private func append(_ part: ArraySlice<UInt8>, of header: Record.Header) {
    requestID = header.requestID
    switch header.kind {
    case Record.Kind.beginRequest: beginRequest += part
    case Record.Kind.params:
      params += part
      hasParams = part.isEmpty
    case Record.Kind.stdin:
      body += part.prefix(max(maximumBodySize + 1 - bodySize, 0))
      bodySize += part.count
      isWhole = part.isEmpty
    default: break
    }
  }

  /// The request as a web server sends it at once, for libfcgi. What was cut or aborted ends before the end of standard
  /// input.
  ///
  /// - Returns: a file in memory, at its start.
  /// - Throws: when there is no descriptor or no memory for it.
  func makeFile() throws(SystemCallError) -> FileDescriptor {
    var records: [UInt8] = []
    func append(_ content: [UInt8], as kind: UInt8) {
      Record.append(content, as: kind, requestID: requestID, to: &records)
    }
    func appendEnd(of kind: UInt8) {
      Record.appendHeader(kind, requestID: requestID, contentSize: 0, to: &records)
    }
    append(beginRequest, as: Record.Kind.beginRequest)
    append(params, as: Record.Kind.params)
    if hasParams { appendEnd(of: Record.Kind.params) }
    append(body, as: Record.Kind.stdin)
    if isWhole { appendEnd(of: Record.Kind.stdin) }
    let file = try FileDescriptor.memoryFile(named: "request")
    do throws(SystemCallError) {
      try file.write(all: records)
      try systemCall("lseek") { try file.seek(offset: 0, from: .start) }
    } catch {
      try? file.close()
      throw error
    }
    return file
  }
}
