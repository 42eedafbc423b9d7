import Testing

@testable import FastCGI

struct RequestFramingTests {
  private let get = RecordClient.request("GET", "/")
  private let post = RecordClient.request("POST", "/", body: Array("hello".utf8))
  /// A record with eight bytes of padding.
  private static func padded(_ record: [UInt8]) -> [UInt8] {
    var record = record
    record[6] = 8
    return record + [UInt8](repeating: 0, count: 8)
  }

  private static let begin = RecordClient.record(Record.Kind.beginRequest, [0, 1, 1, 0, 0, 0, 0, 0])

  @Test func seesAWholeRequest() {
    #expect(RequestFraming(of: get[...]) == .whole(size: get.count))
    #expect(RequestFraming(of: post[...]) == .whole(size: post.count))
  }

  @Test func waitsForEveryByte() {
    for size in 0..<post.count { #expect(RequestFraming(of: post[..<size]) == .incomplete, "\(size) bytes") }
  }

  @Test func tellsWhereTheRequestEnds() {
    #expect(RequestFraming(of: (get + post)[...]) == .whole(size: get.count))
  }

  @Test func looksFromTheStartOfASlice() {
    let bytes = [0xFF, 0xFF] + get
    #expect(RequestFraming(of: bytes[2...]) == .whole(size: get.count))
  }

  @Test func countsPadding() {
    var header: [UInt8] = []
    Record.appendHeader(Record.Kind.stdin, requestID: 1, contentSize: 0, to: &header)
    header[6] = 3
    let bytes = RecordClient.head("GET", "/") + header + [0, 0, 0]
    #expect(RequestFraming(of: bytes[...]) == .whole(size: bytes.count))
    #expect(RequestFraming(of: bytes.dropLast()) == .incomplete)
  }

  @Test func endsAtAnAbort() {
    let bytes = RecordClient.head("POST", "/", length: 5) + RecordClient.record(Record.Kind.abortRequest, [])
    #expect(RequestFraming(of: bytes[...]) == .whole(size: bytes.count))
  }

  @Test(arguments: [
    Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8),
    RecordClient.record(9, [], requestID: 0),
    RecordClient.record(Record.Kind.stdin, []),
    RecordClient.head("GET", "/") + RecordClient.record(9, [1, 2], requestID: 0),
    RecordClient.head("GET", "/") + RecordClient.record(Record.Kind.stdin, [], requestID: 2),
    RecordClient.head("GET", "/") + RecordClient.head("GET", "/"),
    begin + RecordClient.record(Record.Kind.params, [1, 1, 1, 1])
      + RecordClient.record(Record.Kind.abortRequest, []),
    begin + RecordClient.record(Record.Kind.stdin, []),
    padded(begin) + RecordClient.record(Record.Kind.params, []),
    begin + padded(RecordClient.record(Record.Kind.params, [])),
    // A name of two gibibytes, less one byte; together with the value, more than an Int32 counts.
    begin + RecordClient.record(Record.Kind.params, [0xFF, 0xFF, 0xFF, 0xFF, 1]),
    begin + RecordClient.record(Record.Kind.params, [1, 0x80, 0x10])
      + RecordClient.record(Record.Kind.params, [0, 0]),
  ])
  func refusesWhatIsNoRequest(_ bytes: [UInt8]) {
    #expect(RequestFraming(of: bytes[...]) == .malformed)
  }
}
