import EventLog
import EventLogFormats
import TestSupport
import Testing

struct StreamLineTests {
  private static func line(_ text: String) throws(InvalidEntry) -> StreamLine {
    try StreamLine(parsing: Array(text.utf8))
  }

  @Test(arguments: [EventDraft.plain("\u{2028}\n\t\"\\"), try EventDraft.full()])
  func readsEveryEventAsItIsWritten(_ draft: EventDraft) throws {
    let event = Event(
      id: try #require(EventID(7)), timestamp: Timestamp(milliseconds: 1_700_000_000_123), draft: draft)
    guard case .event(let read) = try StreamLine(parsing: EventJSON(event, by: .timestamp).text) else {
      Issue.record("it is no event")
      return
    }
    #expect(read == event)
  }

  @Test func leavesOutWhatThisVersionDoesNotKnow() throws {
    let text =
      #"{"id":"evt_001","timestamp":"2024-01-15T14:30:00.000Z","type":"info","source":"s","message":"m","later":{"a":[1]}}"#
    guard case .event(let event) = try Self.line(text) else {
      Issue.record("it is no event")
      return
    }
    #expect(event.draft == .plain("m", source: "s") && event.id == EventID(1))
  }

  @Test func readsSignsOfLifeAndResets() throws {
    guard case .heartbeat = try Self.line(""), case .reset = try Self.line(#"{"reset":true}"#) else {
      Issue.record("they are something else")
      return
    }
  }

  @Test(arguments: [
    "<html>", "{}", "[]", #"{"reset":false}"#, #"{"type":"info","source":"s","message":"m"}"#,
    #"{"id":"evt_1","timestamp":"2024-01-15T14:30:00.000Z","type":"info","source":"s","message":"m"}"#,
    #"{"id":"evt_001","timestamp":"2024-01-15T14:30:00.000Z","type":"warning","source":"s","message":"m"}"#,
    #"{"id":"evt_001","timestamp":"2024-01-15T14:30:00.000Z","type":"info","source":"s","message":"m\u0007"}"#,
  ])
  func refusesWhatNoLogAnswers(_ text: String) {
    #expect(throws: InvalidEntry.self) { try Self.line(text) }
  }
}
