import HTTPCore
import Testing
import Text

/// Tests of percent-encoding and forms.
struct EncodingTests {
  @Test(arguments: [
    ("", "" as String?), ("abc", "abc"), ("a%20b", "a b"), ("%C3%bc", "ü"), ("a+b", "a+b"), ("%252F", "%2F"),
    ("%00", "\0"),
    ("%", nil), ("%2", nil), ("%zz", nil), ("%ff", nil), ("%c0%ae", nil), ("%ed%a0%80", nil),
  ])
  func decodesOnce(_ text: String, decoded: String?) {
    #expect(PercentEncoding.decode(text.utf8) == decoded.map { Text($0) })
  }

  @Test func encodesWhatIsReserved() {
    #expect(PercentEncoding.encode("aZ09-._~") == "aZ09-._~")
    #expect(PercentEncoding.encode("a b/ü\n&=+%") == "a%20b%2F%C3%BC%0A%26%3D%2B%25")
  }

  @Test func decodesForms() throws {
    let pairs = try FormURLEncoded.decode("a=1&b=+%2B+&&c&=d&e=f=g&a=2".utf8)
    #expect(pairs.map(\.name) == ["a", "b", "c", "", "e", "a"])
    #expect(pairs.map(\.value) == ["1", " + ", "", "d", "f=g", "2"])
    #expect(try FormURLEncoded.decode("".utf8).isEmpty)
  }

  @Test(arguments: ["a=%", "a%zz=1", "a=1&b=%ff"])
  func refusesABrokenForm(_ text: String) {
    #expect(throws: FormURLEncoded.DecodingError.malformed) { try FormURLEncoded.decode(text.utf8) }
  }

  @Test func refusesMorePairsThanAnybodyNeedsBeforeItDecodesThem() throws {
    let most = String(repeating: "a=1&&", count: FormURLEncoded.maximumCount - 1) + "b"
    #expect(try FormURLEncoded.decode(most.utf8).count == FormURLEncoded.maximumCount)
    #expect(throws: FormURLEncoded.DecodingError.tooLong) {
      try FormURLEncoded.decode(("%&" + most).utf8)
    }
  }

  @Test func decodesTheFormsThatItEncodes() throws {
    let pairs: [(name: Text, value: Text)] = [
      (name: "a b", value: "=&+%"), (name: "ü", value: ""), (name: "", value: "🎉\r\n"),
    ]
    let decoded = try FormURLEncoded.decode(FormURLEncoded.encode(pairs).utf8)
    #expect(decoded.map(\.name) == pairs.map(\.name))
    #expect(decoded.map(\.value) == pairs.map(\.value))
  }
}
