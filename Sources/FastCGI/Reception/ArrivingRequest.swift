import Linux
import SystemPackage

/// A request that arrives in pieces. It is assembled for libfcgi, which would block while waiting for each piece.
final class ArrivingRequest {
  enum End: Equatable {
    /// The request is complete. The connection can be reused if `isAlone` is true, that is, if nothing came after it.
    case whole(isAlone: Bool)
    /// The peer stopped sending before the end of the body, or sent more than this program is willing to receive.
    case cut
    /// The peer stopped sending before the params were complete, so there is no request.
    case nothing
    /// What the peer sent is not a request.
    case malformed
  }

  /// How much of an oversized body is received and discarded so that the connection can be kept, in bytes.
  private static let dropLimit = 16 << 20

  private let maximumBodySize: Int
  private var framing = RequestFraming()
  private var requestID: UInt16 = 0
  private var beginRequest: [UInt8] = []
  private var params: [UInt8] = []
  private var hasParams = false
  /// The part of standard input that is kept.
  private var body: [UInt8] = []
  /// The number of bytes of standard input that have arrived.
  private var bodySize = 0
  private var isWhole = false

  /// Makes a request of which nothing has arrived yet.
  ///
  /// - Parameter maximumBodySize: the longest body that is accepted, in bytes. One more byte is kept, which shows that
  ///   the body is too large.
  init(maximumBodySize: Int) {
    self.maximumBodySize = maximumBodySize
  }

  /// Receives the rest of the request, and blocks for as long as a read from the descriptor may block.
  ///
  /// - Parameter descriptor: the connection on which the request arrives.
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

  /// Appends the next piece of the request.
  ///
  /// - Returns: the progress of the request after this piece.
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

  /// Writes the request for libfcgi in the form in which a web server sends it all at once. A request that was cut or
  /// aborted ends before the end of its standard input.
  ///
  /// - Returns: a file in memory, positioned at its start.
  /// - Throws: `SystemCallError` if no descriptor or no memory is available.
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
