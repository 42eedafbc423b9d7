@testable import FastCGI
import Glibc
import HTTPCore
import HTTPTypes
import SystemPackage

/// Checks the records of one request: libfcgi reads what `RequestFraming` calls whole and plain to its end without
/// waiting for more, and gives up what was cut short; a request is the same whether it arrives in pieces or all at once,
/// and whatever management records stand between its own.
enum RecordsTarget {
  private static let limits = ArrivingRequest.Limits(bodySize: 1024, connections: 100)
  /// The receiver, which needs no protection, because libFuzzer uses only one thread.
  nonisolated(unsafe) private static let receiver: LibfcgiReader = {
    LibfcgiReader.initializeLibrary()
    return LibfcgiReader(maximumBodySize: limits.bodySize)
  }()

  /// - Parameter input: one byte with the size of the pieces, followed by what a peer sends.
  static func test(_ input: [UInt8]) {
    guard let pieceSize = input.first else { return }
    let bytes = input.dropFirst()
    var framing = RequestFraming()
    switch framing.advance(over: bytes) {
    case .malformed: requirePieces(of: bytes, size: pieceSize, toEnd: .malformed)
    case .whole(let size):
      require(size <= bytes.count, "a whole request has arrived")
      let request = bytes.prefix(size)
      require(progress(of: request) == .whole(size: size), "what follows makes no difference")
      require(progress(of: request.dropLast()) == .incomplete, "a request without its last byte is not whole")
      let inPieces = requirePieces(of: request, size: pieceSize, toEnd: nil)
      let between = withManagementRecords(request, at: Int(pieceSize))
      require(
        requirePieces(of: between[...], size: pieceSize, toEnd: nil) == inPieces,
        "management records are skipped")
      // If libfcgi waited for more, libFuzzer would report a timeout.
      if framing.isPlain {
        require(receiveFromSocket(Array(request)) == inPieces, "a request is the same in pieces")
      }
    case .incomplete: requirePieces(of: bytes, size: pieceSize, toEnd: .incomplete)
    }
  }

  /// Returns the request with two management records before the record that contains a byte.
  private static func withManagementRecords(_ request: ArraySlice<UInt8>, at offset: Int) -> [UInt8] {
    let bytes = Array(request)
    let place = Record.end(at: min(offset, bytes.count - 1), in: bytes)
    var records: [UInt8] = []
    Record.appendHeader(Record.Kind.getValues, requestID: 0, contentSize: 2, to: &records)
    records += [0, 0]
    Record.appendHeader(77, requestID: 0, contentSize: 0, to: &records)
    // After the last record, they would belong to the next request.
    return place == bytes.count ? bytes : bytes[..<place] + records + bytes[place...]
  }

  private static func progress(of bytes: ArraySlice<UInt8>) -> RequestFraming.Progress {
    var framing = RequestFraming()
    return framing.advance(over: bytes)
  }

  /// - Parameters:
  ///   - bytes: a request, or a part of one.
  ///   - size: the size of the pieces in bytes, less one.
  ///   - end: the expected progress; nil if the last piece must end a whole request.
  /// - Returns: what libfcgi reads from the pieces; nil if that is not a request.
  @discardableResult
  private static func requirePieces(
    of bytes: ArraySlice<UInt8>, size: UInt8, toEnd end: RequestFraming.Progress?
  ) -> Outcome? {
    var arriving = ArrivingRequest(limits: limits)
    var rest = bytes
    var progress = RequestFraming.Progress.incomplete
    while progress == .incomplete, !rest.isEmpty {
      let piece = rest.prefix(Int(size) + 1)
      progress = arriving.append(piece)
      rest = rest.dropFirst(piece.count)
      require(arriving.heldSize <= limits.bodySize + 1 + (1 << 20) + 65_536, "a request holds little")
      requireReplies(arriving.takeReplies())
      if case .whole(let size) = progress {
        require(end == nil && size == piece.count, "a request ends with its last piece")
      }
    }
    if let end { require(progress == end, "a request ends the same way in pieces") }
    if progress == .malformed { return nil }
    guard let file = try? arriving.makeFile(), let received = receiver.receive(from: file) else { return nil }
    try? file.close()
    return outcome(received)
  }

  /// Requires that all replies are whole management records.
  private static func requireReplies(_ replies: [UInt8]) {
    require(Record.end(at: replies.count, in: replies) == replies.count, "every reply is a whole record")
  }

  private static func receiveFromSocket(_ bytes: [UInt8]) -> Outcome? {
    var pair: [Int32] = [-1, -1]
    require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0, "descriptors are available")
    defer { close(pair[1]) }
    // The socket takes everything, because libFuzzer's inputs are shorter than its buffer.
    require(send(pair[1], bytes, bytes.count, Int32(MSG_DONTWAIT)) == bytes.count, "the request is sent")
    guard let received = receiver.receive(from: FileDescriptor(rawValue: pair[0])) else { return nil }
    defer { close(pair[0]) }
    var byte: UInt8 = 0
    require(recv(pair[0], &byte, 1, Int32(MSG_DONTWAIT)) <= 0, "nothing is left on the connection")
    return outcome(received)
  }

  /// The properties that must be the same however a request arrives.
  private struct Outcome: Equatable {
    let requestID: UInt16
    let keepsConnection: Bool
    let body: [UInt8]?
    let status: Int?
  }

  private static func outcome(_ received: LibfcgiReader.Received) -> Outcome {
    var body: [UInt8]?
    if case .whole(let bytes) = received.content {
      require(bytes.count == received.variables.contentLength, "a whole body has the declared length")
      body = bytes
    }
    var status: Int?
    do throws(ProblemDetails) {
      _ = try Request(
        received.variables, body: received.content.body(maximumSize: limits.bodySize), id: "id")
    } catch {
      status = error.status.code
    }
    return Outcome(
      requestID: received.requestID, keepsConnection: received.keepsConnection, body: body, status: status)
  }
}
