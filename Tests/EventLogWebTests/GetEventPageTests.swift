import EventLog
import HTTPCore
import HTTPTypes
import TestSupport
import Testing

/// Tests `GET /events/{id}` for a browser.
struct GetEventPageTests {
  private static let hostile = "<b>\"&' {{x}} javascript:alert(1)"

  private static func pages() async throws -> PagesUnderTest {
    let store = MemoryEventStore()
    for number in 1...9 {
      try await store.append(
        EventDraft(
          storedType: .error, source: hostile, message: "number \(number)\n\(hostile)", userID: hostile,
          requestID: "r&r", tags: ["t 1", hostile], data: try EventData(parsing: #"{"a":"<i>"}"#),
          occurredAt: nil))
    }
    return PagesUnderTest(store: store)
  }

  @Test func showsEveryMemberAndLinksToTheSame() async throws {
    let response = try await Self.pages().get(path: "/events/evt_005", mount: "/log")
    #expect(response.status == .ok)
    #expect(response.fields[.vary] == "Accept")
    for name in ["timestamp", "type", "source", "message", "user_id", "request_id", "tag", "data"] {
      #expect(response.html.contains("<dt>\(name)</dt>"), "\(name)")
    }
    #expect(response.html.contains(#"href="/log/?request_id=r%26r">r&amp;r</a>"#))
    #expect(response.html.contains(#"href="/log/?tag=t%201">t 1</a>"#))
    #expect(!response.html.contains("<b>\"") && !response.html.contains("<i>"))
  }

  @Test func showsTheEventsBeforeAndAfter() async throws {
    let pages = try await Self.pages()
    let middle = try await pages.get(path: "/events/evt_005")
    #expect(middle.ids == ["evt_008", "evt_007", "evt_006", "evt_004", "evt_003", "evt_002"])
    #expect(middle.html.contains(#"<a rel="prev" href="/events/evt_004">"#))
    #expect(middle.html.contains(#"<a rel="next" href="/events/evt_006">"#))
    let first = try await pages.get(path: "/events/evt_001")
    #expect(!first.html.contains("Recorded before this one"))
    #expect(first.html.contains("Recorded after this one"))
    let last = try await pages.get(path: "/events/evt_009")
    #expect(!last.html.contains("Recorded after this one") && !last.html.contains(#"rel="next""#))
  }

  @Test(arguments: ["evt_010", "evt_1", "nonsense"])
  func answers404WithAPage(_ id: String) async throws {
    let response = try await Self.pages().get(path: "/events/\(id)")
    #expect(response.status == .notFound)
    #expect(response.html.contains("There is no event with this id."))
    #expect(response.html.contains("<strong>Online</strong>"))
  }

  @Test func answers503WhenTheStoreFails() async throws {
    let response = try await PagesUnderTest(store: FailingStore()).get(path: "/events/evt_001")
    #expect(response.status == .serviceUnavailable)
    #expect(response.html.contains("<strong>Unavailable</strong>"))
  }
}
