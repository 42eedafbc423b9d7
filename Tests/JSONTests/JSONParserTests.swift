import Glibc
import Testing

@testable import JSON
import Text

struct JSONParserTests {
  private func parse(_ text: String) throws(JSONSyntaxError) -> JSONValue {
    try JSONValue(parsing: text.utf8)
  }

  @Test(arguments: [
    ("null", JSONValue.null), (" true\n", .bool(true)), ("false", .bool(false)),
    ("0", .number("0")), ("-0.0", .number("-0.0")), ("1e400", .number("1e400")),
    ("1.50E+09", .number("1.50E+09")),
    ("12345678901234567890123", .number("12345678901234567890123")),
    (#""""#, .string("")), (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
    (#""\u00e9\ud83c\udf89""#, .string("é🎉")), ("\"ü 🎉\"", .string("ü 🎉")),
    ("[]", .array([])), ("[ 1 , [ ] ]", .array([.number("1"), .array([])])),
    ("{}", .object([])),
    (
      #"{"b":1,"a":{"":null}}"#,
      .object([
        JSONMember(name: "b", value: .number("1")),
        JSONMember(name: "a", value: .object([JSONMember(name: "", value: .null)])),
      ])
    ),
  ])
  func parses(_ text: String, value: JSONValue) throws {
    #expect(try parse(text) == value)
  }

  @Test(arguments: [
    ("", 0), ("  ", 2), ("nul", 0), ("nulll", 4), ("True", 0), ("01", 1), ("1.", 2), (".5", 0), ("-", 1),
    ("1e", 2),
    ("+1", 0), ("0x1", 1), ("NaN", 0), ("'a'", 0), ("\"a", 0), ("\"\\x\"", 1), ("\"\\u12\"", 5), ("\"\\", 1),
    ("\"\\ud83c\"", 1), ("\"\\udf89\"", 1), ("\"\\ud83cx\"", 1), ("\"\\ud83c\\u0041\"", 1), ("\"a\nb\"", 2),
    ("[1,]", 3), ("[1 2]", 3), ("[", 1), ("]", 0), ("{\"a\"}", 4), ("{\"a\":}", 5), ("{a:1}", 1),
    ("{\"a\":1,}", 7), ("{\"a\":1", 6), ("1 1", 2), ("\u{FEFF}1", 0), ("// x\n1", 0),
  ])
  func refusesAndTellsWhere(_ text: String, offset: Int) throws {
    let error = #expect(throws: JSONSyntaxError.self) { try parse(text) }
    #expect(error?.offset == offset, "\(text): \(error.debugDescription)")
  }

  /// Above 16 names, a parser looks them up in another way.
  @Test(arguments: [2, 15, 16, 17, 18, 100])
  func refusesAMemberNameTwice(among count: Int) throws {
    let members = (0..<count).map { "\"name\($0)\":\($0)" }
    let text = "{" + members.joined(separator: ",") + "}"
    #expect(try parse(text)[Text("name\(count - 1)")] == .number(count - 1))
    for name in ["name0", "name\(count / 2)", "name\(count - 1)"] {
      let error = #expect(throws: JSONSyntaxError.self) { try parse(text.dropLast() + ",\"\(name)\":0}") }
      #expect(
        error == JSONSyntaxError(offset: text.utf8.count, reason: "the member \"\(name)\" is given twice"))
    }
  }

  @Test(
    arguments: [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAE, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xFF]]
      as [[UInt8]])
  func refusesWhatIsNotUTF8(_ bytes: [UInt8]) {
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes) }
  }

  @Test func nestsSixtyFourDeepAndNoDeeper() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    let deepest = (1..<64).reduce(JSONValue.array([])) { value, _ in .array([value]) }
    #expect(try parse(nested(64)) == deepest)
    for text in [nested(65), String(repeating: "[", count: 1_000_000)] {
      let error = #expect(throws: JSONSyntaxError.self) { try parse(text) }
      #expect(error?.offset == 64)
    }
  }

  /// A parser that copied all earlier text at every escape would need half a minute of this thread's time, which does
  /// not depend on what else the machine does.
  @Test func readsTwoMillionEscapes() throws {
    let text = "\"" + String(repeating: "\\n", count: 2_000_000) + "\""
    let start = Self.secondsOfThisThread()
    let value = try parse(text)
    #expect(Self.secondsOfThisThread() - start < 15)
    #expect(value == .string(String(repeating: "\n", count: 2_000_000)))
  }

  private static func secondsOfThisThread() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec
  }

  @Test func tellsNamesApartByTheirBytes() throws {
    guard case .object(let members) = try parse("{\"\u{e9}\":1,\"e\u{301}\":2}") else {
      Issue.record("the value is not an object")
      return
    }
    #expect(members.map { Array($0.name.utf8) } == [Array("\u{e9}".utf8), Array("e\u{301}".utf8)])
    #expect(members.map(\.value) == [.number("1"), .number("2")])
  }

  @Test func writesWhatItParses() throws {
    let text = #"{"a":[1.50,-0,1e400,true,false,null],"b\n\u0001":"ü\"\\","c":{}}"#
    var written: [UInt8] = []
    written.appendJSON(try parse(text))
    #expect(String(decoding: written, as: UTF8.self) == text)
  }

  @Test func roundTripsRandomValues() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let value = JSONValue.random(depth: 4, using: &generator)
      var text: [UInt8] = []
      text.appendJSON(value)
      #expect(try JSONValue(parsing: text) == value)
      #expect(!text.contains(UInt8(ascii: "\n")))
    }
  }

  /// Wherever they are among other characters: the search looks at eight bytes at a time.
  @Test(arguments: 0...20)
  func escapesEveryControlCharacter(_ length: Int) throws {
    let padding = String(repeating: "é", count: length / 2) + String(repeating: "x", count: length % 2)
    let controls = (0x7F...0x9F).compactMap { Unicode.Scalar($0 as UInt32) }
    for control in controls {
      let string = "\(padding)\(control)°\u{A0}\(padding)"
      let escape = "\\u00" + String(control.value, radix: 16)
      var text: [UInt8] = []
      text.appendJSON(string)
      #expect(String(decoding: text, as: UTF8.self) == "\"\(padding)\(escape)°\u{A0}\(padding)\"")
      #expect(try JSONValue(parsing: text) == .string(string))
      var copy: [UInt8] = []
      let stored = "{\"\(string)\":[\"\\\"\(control)\"]}"
      copy.appendJSON(text: stored.utf8Span.span)
      #expect(
        String(decoding: copy, as: UTF8.self)
          == "{\"\(padding)\(escape)°\u{A0}\(padding)\":[\"\\\"\(escape)\"]}")
    }
  }

  /// Any input yields a value, which is the same when it is written and read, or an error, whose place lies in the text.
  @Test func survivesRandomBytesAndMutations() throws {
    var values = 0
    var generator = SystemRandomNumberGenerator()
    let seed = Array(
      #"{"type":"info","tags":["a","\u00e9\ud83c\udf89"],"data":{"x":-1.5e10,"y":[null,true]}}"#.utf8)
    for round in 0..<20_000 {
      var bytes = seed
      if round % 2 == 0 {
        bytes = (0..<Int.random(in: 0...40)).map { _ in UInt8.random(in: 0...255, using: &generator) }
      } else {
        for _ in 0..<Int.random(in: 1...4) {
          bytes[Int.random(in: 0..<bytes.count)] = UInt8.random(in: 0...255, using: &generator)
        }
        if Bool.random() { bytes.removeLast(Int.random(in: 0..<bytes.count / 2)) }
      }
      do throws(JSONSyntaxError) {
        let value = try JSONValue(parsing: bytes)
        values += 1
        var text: [UInt8] = []
        text.appendJSON(value)
        #expect(try JSONValue(parsing: text) == value)
      } catch {
        #expect((0...bytes.count).contains(error.offset))
      }
    }
    #expect(values > 0)
  }
}

extension JSONValue {
  fileprivate static func random(depth: Int, using generator: inout some RandomNumberGenerator) -> JSONValue {
    switch Int.random(in: 0..<(depth == 0 ? 4 : 6), using: &generator) {
    case 0: .null
    case 1: .bool(.random(using: &generator))
    case 2:
      .number(
        "\(Int.random(in: -1000...1000, using: &generator))e\(Int.random(in: -9...9, using: &generator))")
    case 3: .string(randomString(using: &generator))
    case 4: .array((0..<3).map { _ in random(depth: depth - 1, using: &generator) })
    default:
      .object(
        (0..<3).map {
          JSONMember(
            name: Text("\($0)" + randomString(using: &generator)),
            value: random(depth: depth - 1, using: &generator))
        })
    }
  }

  private static func randomString(using generator: inout some RandomNumberGenerator) -> String {
    let scalars = (0..<8).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0...0x2FFF, using: &generator)) }
    return String(String.UnicodeScalarView(scalars))
  }
}
