import Testing

@testable import FastCGI

struct RequestFramingTests {
  private let get = RecordClient.request("GET", "/")
  private let post = RecordClient.request("POST", "/", body: Array("hello".utf8))
  /// Returns the record with eight bytes of padding added.
  private static func padded(_ record: [UInt8]) -> [UInt8] {
    var record = record
    record[6] = 8
    return record + [UInt8](repeating: 0, count: 8)
  }

  private static let begin = RecordClient.record(Record.Kind.beginRequest, [0, 1, 1, 0, 0, 0, 0, 0])

  private func progress(of bytes: ArraySlice<UInt8>) -> RequestFraming.Progress {
    var framing = RequestFraming()
    return framing.advance(over: bytes)
  }

  @Test func seesAWholeRequest() {
    #expect(progress(of: get[...]) == .whole(size: get.count))
    #expect(progress(of: post[...]) == .whole(size: post.count))
  }

  @Test func waitsForEveryByte() {
    for size in 0..<post.count { #expect(progress(of: post[..<size]) == .incomplete, "\(size) bytes") }
  }

  @Test func tellsWhereTheRequestEnds() {
    #expect(progress(of: (get + post)[...]) == .whole(size: get.count))
  }

  @Test func looksFromTheStartOfASlice() {
    let bytes = [0xFF, 0xFF] + get
    #expect(progress(of: bytes[2...]) == .whole(size: get.count))
  }

  @Test func countsPadding() {
    let head = RecordClient.head("POST", "/", length: 5)
    let body = Self.padded(RecordClient.record(Record.Kind.stdin, Array("hello".utf8)))
    let bytes = head + body + RecordClient.record(Record.Kind.stdin, [])
    #expect(progress(of: bytes[...]) == .whole(size: bytes.count))
    for size in head.count..<bytes.count { #expect(progress(of: bytes[..<size]) == .incomplete) }
  }

  @Test func endsAtAnAbort() {
    let bytes = RecordClient.head("POST", "/", length: 5) + RecordClient.record(Record.Kind.abortRequest, [])
    #expect(progress(of: bytes[...]) == .whole(size: bytes.count))
  }

  @Test func skipsManagementRecordsAndAbortsBetweenRequests() {
    let before = RecordClient.getValues() + Self.padded(RecordClient.getValues()) + RecordClient.abort
    for bytes in [before + post, RecordClient.record(1, [], requestID: 0) + post] {
      var framing = RequestFraming()
      #expect(framing.advance(over: bytes[...]) == .whole(size: bytes.count))
      #expect(!framing.isPlain)
    }
    var framing = RequestFraming()
    #expect(framing.advance(over: before[...]) == .incomplete)
    #expect(framing.isBetweenRecords)
  }

  /// libfcgi misreads these.
  @Test func tellsWhatLibfcgiCannotRead() {
    let get = RecordClient.head("GET", "/")
    let end = RecordClient.record(Record.Kind.stdin, [])
    let params = RecordClient.record(Record.Kind.params, [1, 1, 1, 1])
    let endOfParams = RecordClient.record(Record.Kind.params, [])
    for bytes in [
      Self.padded(Self.begin) + endOfParams + end, Self.begin + Self.padded(endOfParams) + end,
      get + Self.padded(end), get + RecordClient.getValues() + end, get + RecordClient.abort,
      Self.begin + params + RecordClient.abort, get + Self.padded(RecordClient.abort),
    ] {
      var framing = RequestFraming()
      #expect(framing.advance(over: bytes[...]) == .whole(size: bytes.count))
      #expect(!framing.isPlain)
    }
    var framing = RequestFraming()
    _ = framing.advance(over: post[...])
    #expect(framing.isPlain)
  }

  @Test func goesOnFromPieceToPiece() {
    var framing = RequestFraming()
    for byte in post.dropLast() { #expect(framing.advance(over: [byte]) == .incomplete) }
    #expect(framing.advance(over: [post[post.count - 1], 99]) == .whole(size: 1))
  }

  @Test func passesOnWhatTheRecordsHold() {
    var seen: [UInt8: [UInt8]] = [:]
    var ends: [UInt8] = []
    var framing = RequestFraming()
    for byte in RecordClient.request("POST", "/", body: Array("hello".utf8)) {
      _ = framing.advance(over: [byte]) { header, part in
        seen[header.kind, default: []] += part
        if part.isEmpty { ends.append(header.kind) }
      }
    }
    #expect(seen[Record.Kind.beginRequest] == [0, 1, 1, 0, 0, 0, 0, 0])
    #expect(seen[Record.Kind.stdin] == Array("hello".utf8))
    #expect(ends == [Record.Kind.params, Record.Kind.stdin])
  }

  /// What a peer sends that is no request.
  struct Malformed: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]

    init(_ description: String, _ bytes: [UInt8]) {
      testDescription = description
      self.bytes = bytes
    }
  }

  @Test(arguments: [
    Malformed("HTTP", Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)),
    Malformed("no begin-request", RecordClient.record(Record.Kind.stdin, [])),
    Malformed(
      "another request's record",
      RecordClient.head("GET", "/") + RecordClient.record(Record.Kind.stdin, [], requestID: 2)),
    Malformed("a second head", RecordClient.head("GET", "/") + RecordClient.head("GET", "/")),
    Malformed(
      "an abort of another request",
      RecordClient.head("GET", "/") + RecordClient.record(Record.Kind.abortRequest, [], requestID: 2)),
    Malformed("no params", begin + RecordClient.record(Record.Kind.stdin, [])),
    Malformed("a short begin-request", RecordClient.record(Record.Kind.beginRequest, [0, 1])),
    Malformed(
      "an abort with content",
      RecordClient.head("GET", "/") + RecordClient.record(Record.Kind.abortRequest, [1])),
    // The name has two gibibytes less one byte; together with the value, that is more than an Int32 can hold.
    Malformed(
      "an enormous name", begin + RecordClient.record(Record.Kind.params, [0xFF, 0xFF, 0xFF, 0xFF, 1])),
    Malformed(
      "an enormous value in pieces",
      begin + RecordClient.record(Record.Kind.params, [1, 0x80, 0x10])
        + RecordClient.record(Record.Kind.params, [0, 0])),
    Malformed(
      "many names, each of which is short enough",
      begin
        + (0..<40).flatMap { _ in
          RecordClient.record(
            Record.Kind.params, [0x80, 0, 0x7F, 0, 0] + [UInt8](repeating: 65, count: 0x7F00))
        }),
  ])
  func refusesWhatIsNoRequest(_ malformed: Malformed) {
    let bytes = malformed.bytes
    var framing = RequestFraming()
    #expect(bytes.contains { framing.advance(over: [$0]) == .malformed }, "byte by byte")
    #expect(progress(of: bytes[...]) == .malformed)
  }
}
