import EventLog
import JSON
import TestSupport
import Testing
import Text

@testable import EventLogFormats

/// What is read from the bytes of an event is what its JSON value says.
struct EventScanningTests {
  /// Texts of which objects are made, many of them not valid where they will stand.
  private static let strings = [
    "info", "user_action", "error", "s", "a message", "", " ", " x", "x ", "tab\\tend", "line\\nend",
    "\\r\\n", "q\\\"q",
    "back\\\\", "\\u0041", "\\ud83c\\udf89", "\\ud83c", "\\x", "é", "Ünïcödé 🎉", "\u{7F}", "\u{80}",
    "\u{A0}x", "\u{1}",
    "evt_001", "evt_1", "evt_999", "2024-01-15T14:30:00Z", "2024-01-15", "2024-01-15T14:30:00.123456",
    String(repeating: "y", count: 200), String(repeating: "y", count: 201),
    String(repeating: "é", count: 150),
    "0123456", "01234567", "0123456789abcdef", "0123456\\n", "01234567\\\"", "quoted\\\"0123456789",
  ]
  private static let others = [
    "null", "true", "false", "0", "-0", "1.50", "-1e+5", "01", "1.", "+1", "1e", "nul", "[]", "{}", "[1, 2]",
    "[\"a\",\"b\"]",
    "[\"a\",\"a\"]", "[\"a\" , \"b\\\\\"]", "[\"\"]", "[null]", "{\"a\":1,\"a\":2}",
    "{\"a\" : {\"b\": [ 1 , \"x\" ] } }",
    "{\"a\":\"\\\"\"}", "{\"a\":\"\u{7F}\"}", "{\"\":{}}", "{\"a\":01}", "{\"a\":1,}", "[1,]", "{,}",
    String(repeating: "[", count: 20) + String(repeating: "]", count: 20),
    "{\"deep\":" + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "}",
    "{" + (0..<40).map { "\"m\($0)\":\($0)" }.joined(separator: ",") + "}",
  ]
  private static let names =
    EventMember.allCases.map(\.rawValue) + ["source", "message", "type", "colour", "Type", "t\\u0079pe"]

  private static func value(_ name: String, _ generator: inout SeededGenerator) -> String {
    func any() -> String {
      Bool.random(using: &generator)
        ? "\"\(strings.randomElement(using: &generator) ?? "")\""
        : others.randomElement(using: &generator) ?? ""
    }
    if Int.random(in: 0..<10, using: &generator) == 0 { return any() }
    return switch name {
    case "type": "\"info\""
    case "id": "\"evt_\(Int.random(in: 100...100_000, using: &generator))\""
    case "timestamp": "\"2024-02-29T12:00:\(Int.random(in: 10...61, using: &generator)).5Z\""
    case "tags": "[\"a\", \"\(strings.randomElement(using: &generator) ?? "")\"]"
    case "data": "{\"n\": \(others.randomElement(using: &generator) ?? "")}"
    default: "\"\(strings.randomElement(using: &generator) ?? "")\""
    }
  }

  private static func text(_ generator: inout SeededGenerator) -> [UInt8] {
    func space() -> String { ["", "", "", " ", "\t", "\n", " \r\n "].randomElement(using: &generator) ?? "" }
    var members = ["type", "source", "message"].shuffled(using: &generator)
    members += (0..<Int.random(in: 0...3, using: &generator)).compactMap { _ in
      names.randomElement(using: &generator)
    }
    let pairs = members.map { "\(space())\"\($0)\"\(space()):\(space())\(value($0, &generator))\(space())" }
    var bytes = Array("\(space()){\(pairs.joined(separator: ","))}\(space())".utf8)
    switch Int.random(in: 0..<16, using: &generator) {
    case 0: bytes.remove(at: .random(in: bytes.indices, using: &generator))
    case 1:
      bytes.insert(.random(in: 0...255, using: &generator), at: .random(in: bytes.indices, using: &generator))
    case 2: bytes = Array(bytes[..<Int.random(in: bytes.indices, using: &generator)])
    default: break
    }
    return bytes
  }

  private static func scanned(_ text: [UInt8]) -> ImportedEvent? {
    text.withUnsafeBufferPointer(ImportedEvent.init(scanning:))
  }

  @Test(arguments: [UInt64](1...10))
  func readsWhatTheValueSays(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var count = 0
    for _ in 0..<2000 {
      let text = Self.text(&generator)
      guard let scanned = Self.scanned(text) else { continue }
      count += 1
      let parsed = try ImportedEvent(JSONValue(parsing: text))
      #expect(
        scanned.id == parsed.id && scanned.timestamp == parsed.timestamp,
        "\(String(decoding: text, as: UTF8.self))")
      #expect(scanned.draft == parsed.draft, "\(String(decoding: text, as: UTF8.self))")
    }
    #expect(count > 100, "only \(count) texts were ordinary")
  }

  @Test(arguments: [
    #"{"type":"info","source":"s","message":"m"}"#,
    #" { "type" : "info" , "source" : "s" , "message" : "m" , "tags" : [ ] , "data" : { } } "#,
    #"{"type":"error","source":"Ünïcödé","message":"two\nlines, \"quoted\"","user_id":null,"request_id":"r"}"#,
    #"{"id":"evt_001","timestamp":"2024-01-15T14:30:00.000Z","type":"info","source":"s","message":"m","tags":["a","b"]}"#,
    #"{"type":"info","source":"s","message":"m","data":{"order": {"id": 42, "ok": [true, null, -1.5e3]}}}"#,
  ])
  func readsOrdinaryEvents(_ text: String) throws {
    let scanned = try #require(Self.scanned(Array(text.utf8)))
    #expect(scanned.draft == (try ImportedEvent(JSONValue(parsing: text.utf8))).draft)
  }
}
