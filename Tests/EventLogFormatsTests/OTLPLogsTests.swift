import EventLog
import JSON
import TestSupport
import Testing
import Text

@testable import EventLogFormats

/// Tests that log records of OpenTelemetry become events.
struct OTLPLogsTests {
  /// A request in both encodings.
  private static let examples: [(OTLPLogs.Encoding, [UInt8])] = [
    (
      .json,
      Array(
        #"""
        {"resourceLogs":[{"resource":{"attributes":[
          {"key":"service.name","value":{"stringValue":"checkout"}},
          {"key":"host.name","value":{"stringValue":"h"}}]},
         "scopeLogs":[{"scope":{"name":"app","version":"1.2"},"logRecords":[{
          "timeUnixNano":"1705329000123456789","observedTimeUnixNano":1705329001000000000,"severityNumber":17,
          "severityText":"ERROR","body":{"stringValue":"Card declined"},"attributes":[
           {"key":"user.id","value":{"stringValue":"u-81"}},
           {"key":"n","value":{"intValue":"-5"}},
           {"key":"d","value":{"doubleValue":1.5}},
           {"key":"b","value":{"boolValue":true}},
           {"key":"raw","value":{"bytesValue":"AQI="}},
           {"key":"list","value":{"arrayValue":{"values":[{"stringValue":"x"},{}]}}},
           {"key":"map","value":{"kvlistValue":{"values":[{"key":"k","value":{"intValue":7}}]}}}],
          "droppedAttributesCount":2,"flags":1,"traceId":"5B8EFFF798038103D269B633813FC60C",
          "spanId":"eee19b7ec3c1b174","eventName":"card","unknown":{}}]}]}]}
        """#.utf8)
    ),
    (
      .protobuf,
      message(1) {
        $0.message(1) {
          $0.attribute(1, "service.name") { $0.text(1, "checkout") }
          $0.attribute(1, "host.name") { $0.text(1, "h") }
        }
        $0.message(2) {
          $0.message(1) {
            $0.text(1, "app")
            $0.text(2, "1.2")
          }
          $0.message(2) {
            $0.fixed(1, 1_705_329_000_123_456_789)
            $0.integer(2, 17)
            $0.text(3, "ERROR")
            $0.message(5) { $0.text(1, "Card declined") }
            $0.attribute(6, "user.id") { $0.text(1, "u-81") }
            $0.attribute(6, "n") { $0.integer(3, UInt64(bitPattern: -5)) }
            $0.attribute(6, "d") { $0.fixed(4, 1.5.bitPattern) }
            $0.attribute(6, "b") { $0.integer(2, 1) }
            $0.attribute(6, "raw") { $0.bytes(7, [1, 2]) }
            $0.attribute(6, "list") {
              $0.message(5) {
                $0.message(1) { $0.text(1, "x") }
                $0.message(1) { _ in }
              }
            }
            $0.attribute(6, "map") { $0.message(6) { $0.attribute(1, "k") { $0.integer(3, 7) } } }
            $0.integer(7, 2)
            $0.fixed32(8, 1)
            $0.bytes(
              9, [0x5B, 0x8E, 0xFF, 0xF7, 0x98, 3, 0x81, 3, 0xD2, 0x69, 0xB6, 0x33, 0x81, 0x3F, 0xC6, 0xC])
            $0.bytes(10, [0xEE, 0xE1, 0x9B, 0x7E, 0xC3, 0xC1, 0xB1, 0x74])
            $0.fixed(11, 1_705_329_001_000_000_000)
            $0.text(12, "card")
            $0.text(99, "unknown")
          }
        }
      }
    ),
  ]

  @Test(arguments: [0, 1])
  func becomeEvents(_ number: Int) throws {
    let (encoding, content) = Self.examples[number]
    let logs = try OTLPLogs(content, as: encoding)
    let draft = try #require(logs.drafts.first)
    #expect(logs.drafts.count == 1 && logs.rejectedCount == 0)
    #expect(draft.type == .error && draft.source == "checkout" && draft.message == "Card declined")
    #expect(draft.userID == "u-81" && draft.requestID == "5b8efff798038103d269b633813fc60c")
    #expect(draft.occurredAt?.description == "2024-01-15T14:30:00.123Z")
    #expect(
      draft.data?.json
        == #"{"severity_number":17,"severity_text":"ERROR","span_id":"eee19b7ec3c1b174","event_name":"card","#
        + #""trace_flags":1,"observed_at":"2024-01-15T14:30:01.000Z","dropped_attributes_count":2,"#
        + #""resource":{"host.name":"h"},"scope":{"name":"app","version":"1.2"},"#
        + #""attributes":{"n":-5,"d":1.5,"b":true,"raw":"AQI=","list":["x",null],"map":{"k":7}}}"#)
  }

  private static func logs(_ record: String, resource: String = "") throws -> OTLPLogs {
    let text = """
      {"resourceLogs":[{"resource":{"attributes":[\(resource)]},"scopeLogs":[{"logRecords":[\(record)]}]}]}
      """
    return try OTLPLogs(Array(text.utf8), as: .json)
  }

  @Test func areInfoFromAnUnknownServiceWithoutMore() throws {
    let draft = try #require(try Self.logs(#"{"body":{"stringValue":"m"},"severityNumber":16}"#).drafts.first)
    #expect(draft.type == .info && draft.source == "unknown_service" && draft.message == "m")
    #expect(draft.userID == nil && draft.requestID == nil && draft.occurredAt == nil)
    #expect(draft.data?.json == #"{"severity_number":16}"#)
  }

  @Test func haveAStructuredBodyAsTextAndInData() throws {
    let body = #"{"kvlistValue":{"values":[{"key":"a","value":{"intValue":1}}]}}"#
    let draft = try #require(try Self.logs(#"{"body":\#(body)}"#).drafts.first)
    #expect(draft.message == #"{"a":1}"# && draft.data?.json == #"{"body":{"a":1}}"#)
  }

  @Test func areRejectedWithoutAMessage() throws {
    let logs = try Self.logs(
      #"{},{"body":{"stringValue":" "}},{"body":{"intValue":5}},{"eventName":"e"},{"body":{"stringValue":""}}"#
    )
    #expect(logs.drafts.map(\.message) == ["5", "e"])
    #expect(logs.rejectedCount == 3)
    #expect(logs.reasons == [0, 1, 4].map { "log record \($0): message is required" })
  }

  @Test func areCutToTheLimitsAndSaySo() throws {
    let long = String(repeating: "é", count: 40_000)
    let resource = #"{"key":"service.name","value":{"stringValue":"\#(long.prefix(300))"}}"#
    let attributes = (0..<20).map {
      #"{"key":"a\#($0)","value":{"stringValue":"\#(long.prefix(200 * $0))"}}"#
    }
    let record = """
      {"body":{"stringValue":"\(long)"},"attributes":[\(attributes.joined(separator: ",")),
       {"key":"enduser.id","value":{"stringValue":"a\\nb"}}]}
      """
    let draft = try #require(try Self.logs(record, resource: resource).drafts.first)
    #expect(draft.message.utf8.count == 65_536 && draft.source.unicodeScalars.count == 200)
    #expect(draft.userID == "a b")
    let data = try JSONValue(parsing: try #require(draft.data?.json).utf8)
    guard case .array(let cut)? = data["cut"], case .object(let kept)? = data["attributes"] else {
      Issue.record("the data says what was cut")
      return
    }
    #expect(cut.prefix(2) == [.string("source"), .string("message")])
    #expect(kept.count + cut.count - 2 == 20 && kept.count > 5)
    #expect(kept.map(\.name.string) == (0..<kept.count).map { "a\($0)" })
  }

  /// What a terminal would obey is no part of a message.
  @Test func areWithoutEscapeSequences() throws {
    let draft = try #require(
      try Self.logs(#"{"body":{"stringValue":"\u001b[31mred\u001b[0m\r\nb\u0000"}}"#).drafts.first)
    #expect(draft.message == "red\nb\u{FFFD}")
  }

  @Test func keepTheFirstOfSeveralAttributesWithTheSameName() throws {
    let draft = try #require(
      try Self.logs(
        #"{"body":{"stringValue":"m"},"attributes":[{"key":"k","value":{"intValue":1}},{"key":"k"}]}"#
      ).drafts.first)
    #expect(draft.data?.json == #"{"attributes":{"k":1}}"#)
  }

  @Test(arguments: [
    "", "[]", "{", #"{"resourceLogs":{}}"#,
    #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":"m"}]}]}]}"#,
    #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"x"}]}]}]}"#,
    #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":-1}]}]}]}"#,
    #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":"xyz"}]}]}]}"#,
    #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"boolValue":1}}]}]}]}"#,
    #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"bytesValue":"?"}}]}]}]}"#,
  ])
  func areRefusedAsAWholeIfTheyAreMalformed(_ text: String) {
    #expect(throws: InvalidOTLP.self) { try OTLPLogs(Array(text.utf8), as: .json) }
  }

  /// Every beginning of a message is read or refused, and never more than it is.
  @Test func areNeverReadBeyondTheirEnd() throws {
    let content = Self.examples[1].1
    for count in content.indices.dropFirst() {
      #expect(throws: InvalidOTLP.self) { try OTLPLogs(Array(content.prefix(count)), as: .protobuf) }
    }
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<2000 {
      var changed = content
      changed[Int.random(in: changed.indices, using: &generator)] = .random(in: 0...255, using: &generator)
      if let logs = try? OTLPLogs(changed, as: .protobuf) { #expect(logs.drafts.count <= 1) }
    }
  }

  @Test func areRefusedIfTheyAreTooDeepOrTooMany() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Self.message(1) {
        $0.message(2) {
          $0.message(2) { $0.bytes(5, (0..<depth).reduce([]) { value, _ in Self.list(value) }) }
        }
      }
    }
    #expect(try OTLPLogs(nested(31), as: .protobuf).drafts.count == 1)
    for depth in [32, 1000] {
      #expect(throws: InvalidOTLP.self) { try OTLPLogs(nested(depth), as: .protobuf) }
    }
    let record = #"{"eventName":"e"}"#
    func many(_ count: Int) -> String { [String](repeating: record, count: count).joined(separator: ",") }
    #expect(try Self.logs(many(10_000)).drafts.count == 10_000)
    #expect(throws: InvalidOTLP.hasTooMany) { try Self.logs(many(10_001)) }
  }

  private static func list(_ value: [UInt8]) -> [UInt8] {
    var message = ProtobufMessage()
    message.message(5) { $0.bytes(1, value) }
    return message.bytes
  }

  private static func message(_ number: UInt64, _ body: (inout ProtobufMessage) -> Void) -> [UInt8] {
    var message = ProtobufMessage()
    message.message(number, body)
    return message.bytes
  }
}

/// Writes the fields of a message in the binary format of Protocol Buffers.
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  mutating func integer(_ number: UInt64, _ integer: UInt64) {
    varint(number << 3)
    varint(integer)
  }

  mutating func fixed(_ number: UInt64, _ integer: UInt64) {
    varint(number << 3 | 1)
    bytes += (0..<8).map { UInt8(truncatingIfNeeded: integer >> (8 * $0)) }
  }

  mutating func fixed32(_ number: UInt64, _ integer: UInt32) {
    varint(number << 3 | 5)
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: integer >> (8 * $0)) }
  }

  mutating func bytes(_ number: UInt64, _ content: [UInt8]) {
    varint(number << 3 | 2)
    varint(UInt64(content.count))
    bytes += content
  }

  mutating func text(_ number: UInt64, _ text: String) { bytes(number, Array(text.utf8)) }

  mutating func message(_ number: UInt64, _ body: (inout ProtobufMessage) -> Void) {
    var message = ProtobufMessage()
    body(&message)
    bytes(number, message.bytes)
  }

  mutating func attribute(_ number: UInt64, _ name: String, _ value: (inout ProtobufMessage) -> Void) {
    message(number) {
      $0.text(1, name)
      $0.message(2, value)
    }
  }

  private mutating func varint(_ integer: UInt64) {
    var rest = integer
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
