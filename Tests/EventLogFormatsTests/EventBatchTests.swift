import EventLog
import Testing

@testable import EventLogFormats

/// A batch is read whole, or its first errors are named with their places.
struct EventBatchTests {
  private static let event = #"{"type":"info","source":"s","message":"m"}"#

  private static func batch(
    _ text: String, _ format: EventFormat, dropping: Set<EventMember> = []
  ) throws(InvalidBatch) -> EventBatch {
    try EventBatch(Array(text.utf8), as: format, dropping: dropping)
  }

  /// Writes the errors of a batch as `INDEX LINE POINTER`, separated by commas.
  private static func errors(_ text: String, _ format: EventFormat) -> String? {
    do {
      _ = try batch(text, format)
    } catch .hasErrors(let entries) {
      return entries.map { "\($0.index) \($0.line) \($0.error.pointer)\($0.isReadable ? "" : "!")" }.joined(
        separator: ",")
    } catch {}
    return nil
  }

  @Test(arguments: [
    ("[J]", EventFormat.json, 1), (" [ J ,\nJ ] ", .json, 2), ("J", .ndjson, 1),
    ("J\r\n\n J\nJ\n", .ndjson, 3),
    ("\u{FEFF}\n\nJ\nJ", .ndjson, 2), ("type,source,message\ninfo,s,m\n\ninfo,s,\"m\nn\"\n", .csv, 2),
    ("\u{FEFF}TYPE;Source;message\ninfo;s;m", .csv, 1),
    ("{\n\"type\":\"info\",\n\"source\":\"s\",\"message\":\"m\"\n}", .ndjson, 1),
  ])
  func isReadInEveryFormat(_ pattern: String, _ format: EventFormat, count: Int) throws {
    let text = pattern.split(separator: "J", omittingEmptySubsequences: false).joined(separator: Self.event)
    let drafts = try Self.batch(text, format).drafts
    #expect(drafts.count == count && drafts.allSatisfy { $0.source == "s" && $0.message.hasPrefix("m") })
  }

  @Test(arguments: [
    ("J\n{}\nJ\nx", EventFormat.ndjson, "1 2 /type,1 2 /source,1 2 /message,3 4 !"),
    ("\n\nJ\n\n{\"type\":\"x\",\"source\":\"s\",\"message\":\"m\"}", .ndjson, "1 5 /type"),
    (
      "[J,1,J,{\"a\":1}]", .json,
      "1 1 ,1 1 /type,1 1 /source,1 1 /message,3 1 /a,3 1 /type,3 1 /source,3 1 /message"
    ),
    ("[J", .json, "0 1 !"), ("[J,]", .json, "1 1 !"), ("{\"a\":", .ndjson, "0 1 !"),
    ("type,source,message\ninfo,s,m\n\"info\",\"\n\",m\ninfo,s\n", .csv, "1 3 /source,2 5 !"),
    ("type,colour\ninfo,s\n", .csv, "0 1 !"),
    ("type,source,message,id\ninfo,s,m,evt_001", .csv, "0 2 /id"),
    (
      "{\"type\":\"info\",\"source\":\"s\",\"message\":\"m\",\"id\":\"evt_001\",\"timestamp\":\"2024-01-15T14:30:00Z\"}",
      .ndjson, "0 1 /id,0 1 /timestamp"
    ),
  ])
  func namesThePlaceOfEachError(_ pattern: String, _ format: EventFormat, errors: String) {
    let text = pattern.split(separator: "J", omittingEmptySubsequences: false).joined(separator: Self.event)
    #expect(Self.errors(text, format) == errors)
  }

  @Test(arguments: ["evt_001", "17", "x"])
  func leavesOutWhatIsDropped(_ id: String) throws {
    let json = #"{"type":"info","source":"s","message":"m","id":"\#(id)","timestamp":null}"#
    #expect(try Self.batch("\(json)\n\(json)", .ndjson, dropping: [.id, .timestamp]).drafts.count == 2)
    #expect(try Self.batch("[\(json)]", .json, dropping: [.id, .timestamp]).drafts.count == 1)
    let csv = "id,timestamp,type,source,message\n\(id),never,info,s,m"
    #expect(try Self.batch(csv, .csv, dropping: [.id, .timestamp]).drafts.count == 1)
    #expect(throws: InvalidBatch.self) { try Self.batch("[\(json)]", .json, dropping: [.timestamp]) }
  }

  @Test(arguments: ["", " \n", "[]", " [ ] "])
  func hasAnEvent(_ text: String) {
    let format = text.contains("[") ? EventFormat.json : .ndjson
    #expect { try Self.batch(text, format) } throws: {
      if case InvalidBatch.isEmpty = $0 { true } else { false }
    }
  }

  @Test func hasTenThousandEventsAtMost() throws {
    let lines = String(repeating: Self.event + "\n", count: EventBatch.maximumCount)
    #expect(try Self.batch(lines, .ndjson).drafts.count == 10_000)
    for more in ["x", Self.event] {
      #expect { try Self.batch(lines + more, .ndjson) } throws: {
        if case InvalidBatch.hasTooMany = $0 { true } else { false }
      }
    }
  }

  @Test func namesTheFirstHundredErrorsAndReadsNoFurther() {
    let text = String(repeating: "{}\n", count: 400_000)
    let errors = Self.errors(text, .ndjson)?.split(separator: ",") ?? []
    #expect(errors.count == 100 && errors.last == "33 34 /type")
  }
}
