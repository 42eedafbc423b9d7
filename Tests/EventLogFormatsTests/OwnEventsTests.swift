import EventLog
import EventLogFormats
import Testing
import Text

/// Tests of events that the log has recorded about itself, and of who recorded an event, in files.
struct OwnEventsTests {
  private static func event(_ members: String) -> String {
    #"{"id":"evt_001","timestamp":"2024-01-15T14:30:00.000Z","type":"system","source":"eventlog","message":"m"\#(members)}"#
  }

  private static func imported(_ text: String) throws -> ImportedEvent {
    var parts = [Array(text.utf8), []]
    var reader = EventFileReader { parts.removeFirst() }
    return try #require(try reader.next()).content.get()
  }

  @Test(arguments: [
    event(#","recorded_by":"boss""#), event(#","recorded_by":" b\u006fss ","data":{"a":1.0}"#),
    "id,timestamp,type,source,message,recorded_by\nevt_001,2024-01-15T14:30:00Z,system,eventlog,m,boss\n",
    "[\(event(#","recorded_by":"boss""#))]",
  ])
  func areKeptByAnImport(_ text: String) throws {
    let event = try Self.imported(text)
    #expect(event.draft.source == EventDraft.ownSource && event.event != nil)
    #expect(event.draft.recordedBy?.filter { $0 != " " } == "boss")
    #expect(event.draft.type == .system)
  }

  @Test(arguments: [
    #""""#, #"" ""#, #""a\nb""#, "7", #"["boss"]"#, "\"\(String(repeating: "a", count: 201))\"",
  ])
  func doNotSayWhoRecordedThemInAnyOtherForm(_ value: String) {
    #expect(throws: InvalidEntry.self) { try Self.imported(Self.event(",\"recorded_by\":\(value)")) }
  }

  @Test func areNotAppended() throws {
    var lines = EventLines(.ndjson, defaults: EventDefaults())
    let plain = #"{"type":"info","source":"SOURCE","message":"m"MEMBERS}"#
    func line(_ source: String, _ members: String) -> String {
      plain.replacing("SOURCE", with: source).replacing("MEMBERS", with: members) + "\n"
    }
    let text = line("eventlog", "") + line("a", #","recorded_by":"boss""#) + line("a", "")
    let entries = lines.read(Array(text.utf8)) + lines.finish()
    let isValid = entries.map { entry in (try? entry.content.get()) != nil }
    #expect(isValid == [false, false, true])
    var other = EventLines(.ndjson, defaults: EventDefaults(type: .info, source: "eventlog"))
    let refused = other.read(Array("{\"message\":\"m\"}\n".utf8)) + other.finish()
    #expect(refused.allSatisfy { (try? $0.content.get()) == nil } && refused.count == 1)
  }
}
