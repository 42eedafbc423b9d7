import Linux
import SystemPackage

/// A request that arrives in pieces. It is assembled for libfcgi, which would block while waiting for each piece.
///
/// Management records that arrive before or inside the request are answered here (`replies`), and libfcgi does not see
/// them.
struct ArrivingRequest {
  /// What a responder accepts.
  struct Limits {
    /// The length of the longest body that is accepted, in bytes. One more byte is kept, which shows that a body is too
    /// large.
    let bodySize: Int
    /// The number of connections that the responder serves, for which a web server may ask.
    let connections: Int
  }

  /// How much of an oversized body is received and discarded so that the connection can be kept, in bytes.
  private static let dropLimit = 16 << 20

  private let limits: Limits
  private var framing = RequestFraming()
  /// The FastCGI request id; 0 until the request has begun.
  private(set) var requestID: UInt16 = 0
  private var beginRequest: [UInt8] = []
  private var params: [UInt8] = []
  /// Whether the params have ended. Until then, there is no request.
  private(set) var hasParams = false
  /// The part of standard input that is kept, in pieces of which each fits into a record.
  private var body: [[UInt8]] = []
  /// The number of bytes of standard input that have arrived.
  private var bodySize = 0
  /// Whether standard input has ended, and not with an abort.
  private var isWhole = false
  private var management: [UInt8] = []
  /// The replies to management records that must be sent.
  private var replies: [UInt8] = []
  /// The id of a request that was aborted between requests, which is for the response under way.
  private var abortedID: UInt16?
  /// The number of bytes that have arrived.
  private(set) var arrivedSize = 0

  /// The request's number among the arrivals; nil while it is not one of them.
  var arrival: Int?

  /// Makes a request of which nothing has arrived yet.
  init(limits: Limits) {
    self.limits = limits
  }

  /// The number of bytes that are kept until the request is answered.
  var heldSize: Int { params.count + min(bodySize, limits.bodySize + 1) + management.count }
  /// Whether nothing of a request or of a management record is kept.
  var isEmpty: Bool { framing.isBetweenRecords }
  /// Whether the first header of a request has arrived.
  var hasBegun: Bool { framing.hasBegun }
  /// Whether the request has arrived as far as a response needs it.
  var hasBeginRequest: Bool { beginRequest.count == Record.beginRequestSize }
  /// The number of bytes to read that lead to the end of a header or of a record, and not beyond it.
  var missing: Int { framing.missing }
  /// Whether the peer has sent more than this program is willing to receive.
  var isBeyondReason: Bool { bodySize > limits.bodySize + Self.dropLimit }

  /// Appends the next piece of the request.
  ///
  /// - Returns: the progress of the request after this piece.
  mutating func append(_ bytes: ArraySlice<UInt8>) -> RequestFraming.Progress {
    var framing = framing
    let progress = framing.advance(over: bytes) { header, part in append(part, of: header) }
    self.framing = framing
    if case .whole(let size) = progress { arrivedSize += size } else { arrivedSize += bytes.count }
    return progress
  }

  private mutating func append(_ part: ArraySlice<UInt8>, of header: Record.Header) {
    if header.isManagement { return appendManagement(part, of: header) }
    switch header.kind {
    case Record.Kind.beginRequest:
      requestID = header.requestID
      beginRequest += part
    case Record.Kind.params:
      params += part
      hasParams = part.isEmpty
    case Record.Kind.stdin:
      keep(part.prefix(max(limits.bodySize + 1 - bodySize, 0)))
      bodySize += part.count
      isWhole = part.isEmpty
    default:
      if requestID == 0 { abortedID = header.requestID }
    }
  }

  private mutating func appendManagement(_ part: ArraySlice<UInt8>, of header: Record.Header) {
    management += part
    guard management.count == header.contentSize else { return }
    replies += ManagementReply.record(to: header.kind, management, maximumConnections: limits.connections)
    management = []
  }

  private mutating func keep(_ part: ArraySlice<UInt8>) {
    var rest = part
    while !rest.isEmpty {
      if body.last.map({ $0.count == Record.maximumContentSize }) ?? true { body.append([]) }
      let last = body.count - 1
      let piece = rest.prefix(Record.maximumContentSize - body[last].count)
      body[last] += piece
      rest = rest.dropFirst(piece.count)
    }
  }

  /// Takes the replies to management records that have not been taken yet.
  mutating func takeReplies() -> [UInt8] {
    defer { replies = [] }
    return replies
  }

  /// Takes the id of a request that was aborted between requests.
  mutating func takeAbortedID() -> UInt16? {
    defer { abortedID = nil }
    return abortedID
  }

  /// Writes the request for libfcgi in the form in which a web server sends it all at once. A request that was cut,
  /// aborted or late has no standard input, not even its end, and its params may be incomplete.
  ///
  /// - Returns: a file in memory, positioned at its start.
  /// - Throws: `SystemCallError` if no descriptor or no memory is available.
  func makeFile() throws(SystemCallError) -> FileDescriptor {
    let file = try FileDescriptor.memoryFile(named: "request")
    do throws(SystemCallError) {
      try file.write(all: head)
      for piece in isWhole ? body : [] {
        try file.write(all: header(Record.Kind.stdin, contentSize: piece.count))
        try file.write(all: piece)
      }
      if isWhole { try file.write(all: header(Record.Kind.stdin, contentSize: 0)) }
      try systemCall("lseek") { try file.seek(offset: 0, from: .start) }
      return file
    } catch {
      try? file.close()
      throw error
    }
  }

  /// The records that precede standard input.
  private var head: [UInt8] {
    var records: [UInt8] = []
    Record.append(beginRequest, as: Record.Kind.beginRequest, requestID: requestID, to: &records)
    if hasParams { Record.append(params, as: Record.Kind.params, requestID: requestID, to: &records) }
    return records + header(Record.Kind.params, contentSize: 0)
  }

  private func header(_ kind: UInt8, contentSize: Int) -> [UInt8] {
    var record: [UInt8] = []
    Record.appendHeader(kind, requestID: requestID, contentSize: contentSize, to: &record)
    return record
  }
}
