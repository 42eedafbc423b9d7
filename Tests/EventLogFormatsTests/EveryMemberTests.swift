import EventLog
import EventLogFormats
import JSON
import TestSupport
import Testing
import Text

/// An event with every member comes out of each format as it went in.
struct EveryMemberTests {
  @Test(arguments: EventFormat.allCases)
  func isReadAsItWasWritten(_ format: EventFormat) async throws {
    let store = MemoryEventStore()
    let event = try await store.append(try EventDraft.full())
    var text: [UInt8] = []
    try await store.export(EventQuery(), as: format) { text += $0 }
    var parts = [text, []]
    var reader = EventFileReader { parts.removeFirst() }
    let entry = try #require(try reader.next())
    #expect(try entry.content.get().event == event)
    #expect(try reader.next() == nil)
  }

  @Test func standsInJSONByItsName() async throws {
    let event = try await MemoryEventStore().append(try EventDraft.full())
    guard case .object(let members) = try JSONValue(parsing: EventJSON(event, by: .timestamp).text) else {
      Issue.record("an event is an object")
      return
    }
    #expect(members.map(\.name.string) == EventMember.allCases.map(\.rawValue))
  }

  @Test func isReadFromAForm() throws {
    let draft = try EventDraft.full()
    let form = EventMember.allCases.flatMap { member -> [(name: Text, value: Text)] in
      let values: [String?] =
        switch member {
        case .id, .timestamp, .recordedBy: []
        case .type: [draft.type.rawValue]
        case .source: [draft.source]
        case .message: [draft.message]
        case .userID: [draft.userID]
        case .requestID: [draft.requestID]
        case .tags: draft.tags
        case .data: [draft.data?.json]
        case .occurredAt: [draft.occurredAt?.description]
        }
      return values.compactMap(\.self).map { (Text(member.rawValue), Text($0)) }
    }
    #expect(try EventDraft(EventDraftFields(form: form)) == draft.recorded(by: nil))
  }
}
