import Testing

@testable import FastCGI

struct RecordTests {
  @Test func framesContent() {
    var bytes: [UInt8] = []
    Record.append([1, 2, 3], as: Record.Kind.stdout, requestID: 0x0102, to: &bytes)
    #expect(bytes == [1, 6, 1, 2, 0, 3, 0, 0, 1, 2, 3])
  }

  @Test func appendsNoRecordForNoContent() {
    var bytes: [UInt8] = []
    Record.append([], as: Record.Kind.stdout, requestID: 1, to: &bytes)
    #expect(bytes.isEmpty)
  }

  @Test(arguments: [65_527, 65_528, 65_529, 200_000])
  func splitsLongContent(_ size: Int) {
    let content = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
    var bytes: [UInt8] = []
    Record.append(content, as: Record.Kind.stdout, requestID: 1, to: &bytes)
    var joined: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let header = Array(rest.prefix(8))
      let length = Int(header[4]) << 8 | Int(header[5])
      #expect(length > 0 && header[1] == 6)
      joined += rest.dropFirst(8).prefix(length)
      rest = rest.dropFirst(8 + length)
    }
    let isSame = joined == content
    #expect(isSame)
  }

  @Test func endsARequest() {
    var bytes: [UInt8] = []
    Record.appendEnd(.unknownRole, requestID: 1, to: &bytes)
    #expect(bytes == [1, 6, 0, 1, 0, 0, 0, 0, 1, 3, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0])
  }
}
