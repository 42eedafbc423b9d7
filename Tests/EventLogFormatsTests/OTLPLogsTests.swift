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
    var logs = try OTLPLogs(content, as: encoding)
    let drafts = logs.drafts
    let draft = try #require(drafts.first)
    #expect(drafts.count == 1 && logs.rejectedCount == 0)
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

  private static func draft(_ record: String, resource: String = "") throws -> EventDraft {
    var logs = try logs(record, resource: resource)
    return try #require(logs.drafts.first)
  }

  @Test func areInfoFromAnUnknownServiceWithoutMore() throws {
    let draft = try Self.draft(#"{"body":{"stringValue":"m"},"severityNumber":16}"#)
    #expect(draft.type == .info && draft.source == "unknown_service" && draft.message == "m")
    #expect(draft.userID == nil && draft.requestID == nil && draft.occurredAt == nil)
    #expect(draft.data?.json == #"{"severity_number":16}"#)
  }

  @Test func haveAStructuredBodyAsTextAndInData() throws {
    let body = #"{"kvlistValue":{"values":[{"key":"a","value":{"intValue":1}}]}}"#
    let draft = try Self.draft(#"{"body":\#(body)}"#)
    #expect(draft.message == #"{"a":1}"# && draft.data?.json == #"{"body":{"a":1}}"#)
  }

  @Test func areRejectedWithoutAMessage() throws {
    var logs = try Self.logs(
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
    let draft = try Self.draft(record, resource: resource)
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
    let draft = try Self.draft(#"{"body":{"stringValue":"\u001b[31mred\u001b[0m\r\nb\u0000"}}"#)
    #expect(draft.message == "red\nb\u{FFFD}")
  }

  @Test func keepTheFirstOfSeveralAttributesWithTheSameName() throws {
    let draft = try Self.draft(
      #"{"body":{"stringValue":"m"},"attributes":[{"key":"k","value":{"intValue":1}},{"key":"k"}]}"#
    )
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
      if var logs = try? OTLPLogs(changed, as: .protobuf) { #expect(logs.drafts.count <= 1) }
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
    var deep = try OTLPLogs(nested(31), as: .protobuf)
    #expect(deep.drafts.count == 1)
    for depth in [32, 1000] {
      #expect(throws: InvalidOTLP.self) { try OTLPLogs(nested(depth), as: .protobuf) }
    }
    let record = #"{"eventName":"e"}"#
    func many(_ count: Int) -> String { [String](repeating: record, count: count).joined(separator: ",") }
    var most = try Self.logs(many(10_000))
    #expect(most.drafts.count == 10_000)
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

extension OTLPLogs {
  /// All events that are left, which come in several parts.
  fileprivate var drafts: [EventDraft] {
    mutating get {
      var drafts: [EventDraft] = []
      while let next = nextDrafts(size: 5000) { drafts += next }
      return drafts
    }
  }
}
