import EventLog
import HTTPCore
import HTTPTypes
import TestSupport
import Testing

/// Tests how large a page gets.
struct PageSizeTests {
  /// Returns events all of whose texts are as long as they may be, in characters that take the most space in HTML and in
  /// links.
  private static func largest(_ count: Int) throws -> [EventDraft] {
    let text = String(repeating: "'😀", count: 100)
    return try (0..<count).map { number in
      EventDraft(
        storedType: .error, source: text, message: String(repeating: "<", count: 65_536), userID: text,
        requestID: text,
        tags: (0..<20).map { "\($0)" + String(text.prefix(60)) },
        data: try EventData(parsing: #"{"number":\#(number)}"#), occurredAt: nil)
    }
  }

  @Test func endsAt2MiBWithLinksToTheRest() async throws {
    let store = MemoryEventStore()
    try await store.append(try Self.largest(250))
    let pages = PagesUnderTest(store: store)
    var query: String? = "limit=250"
    var (ids, last): ([Substring], String) = ([], "")
    while let current = query {
      let response = try await pages.get(current)
      #expect(response.html.utf8.count <= 2 << 20)
      #expect(response.ids.count > 10)
      ids += response.ids
      query = Self.link(response, "next")
      #expect(response.html.contains("This page ends early, because its events are large.") == (query != nil))
      last = current
    }
    #expect(ids.map(String.init) == (1...250).reversed().compactMap { EventID($0)?.description })
    // The pages before end early, too, and nothing is left out.
    query = Self.link(try await pages.get(last), "prev")
    var back = try await pages.get(last).ids
    while let current = query {
      let response = try await pages.get(current)
      #expect(response.html.utf8.count <= 2 << 20)
      back = response.ids + back
      query = Self.link(response, "prev")
    }
    #expect(back == ids)
  }

  @Test func isSentInPartsWhenItIsLarge() async throws {
    let store = MemoryEventStore()
    try await store.append(try Self.largest(20))
    guard case .stream(let stream) = try await PagesUnderTest(store: store).send().body else {
      Issue.record("the body is not streamed")
      return
    }
    let parts = BodyParts()
    try await stream(parts)
    #expect(await parts.all.count > 3)
    #expect(await parts.all.allSatisfy { (1...65_536).contains($0.count) })
  }

  @Test func cutsLongValuesAndLinksThemToTheirEvent() async throws {
    let store = MemoryEventStore()
    for length in [100, 101] {
      let text = String(repeating: "é", count: length)
      try await store.append(
        EventDraft(
          storedType: .info, source: text, message: "m", userID: text, requestID: text, tags: [], data: nil,
          occurredAt: nil))
    }
    let html = try await PagesUnderTest(store: store).get(mount: "/log").html
    let start = String(repeating: "é", count: 100)
    #expect(html.matches(of: /…<\/a>/).count == 3)
    #expect(html.contains(#"<td class="source"><a href="/log/events/evt_002" dir="auto">\#(start)…</a>"#))
    #expect(html.contains(#"<td class="source"><a href="/log/?q=source%3A%C3%A9"#))
    #expect(
      html.contains(
        #"<a href="/log/events/evt_002" dir="auto"><span class="quiet">user</span> \#(start)…</a>"#))
  }

  @Test func countsEveryMemberOfAnEvent() throws {
    let id = try #require(EventID(1))
    let small = Event(id: id, timestamp: .latest, draft: .plain()).size
    let large = Event(id: id, timestamp: .latest, draft: try Self.largest(1)[0])
    #expect(small < 300)
    #expect(large.size > 65_536 + 3 * 500 + 20 * 150)
  }

  private static func link(_ response: Response, _ relation: String) -> String? {
    response.html.matches(of: /<a rel="(\w+)" href="\/\?([^"]*)"/).first { $0.output.1 == relation }
      .map { String($0.output.2).replacing("&amp;", with: "&") }
  }
}
