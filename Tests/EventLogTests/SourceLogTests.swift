import EventLog
import TestSupport
import Testing
import Text

/// Compares the events of one source with a log that has no others, and has the ids of the first one.
struct SourceLogTests {
  private static let sources = ["shop", "shop2", "Shop", "cron"]
  private let part: SourceLog
  private let alone: MemoryEventStore
  private let all: MemoryEventStore

  init() async throws {
    var random = SeededGenerator(seed: 7)
    all = MemoryEventStore()
    let drafts = (0..<300).map { number in
      EventDraft.plain(
        "message \(number % 7)", type: EventType.allCases.randomElement(using: &random) ?? .info,
        source: Self.sources.randomElement(using: &random) ?? "")
    }
    for draft in drafts { _ = try await all.append(draft) }
    let events = try await all.page(EventQuery()).events.filter { $0.draft.source == "shop" }
    alone = MemoryEventStore()
    _ = try await alone.restore(events, after: nil)
    part = SourceLog(of: "shop", in: all)
  }

  private static func queries() throws -> [EventQuery] {
    let filters = [
      "", "type=error&type=info", "q=message+3", "source=shop", "source=cron", "source=shop2&type=info",
    ]
    let views = ["", "sort=type", "sort=source", "order=desc", "limit=7", "limit=7&order=desc&sort=type"]
    return try filters.flatMap { filter in
      try views.map { try EventQuery(parameters: parameters("\(filter)&\($0)")) }
    }
  }

  private static func parameters(_ text: String) -> [(name: Text, value: Text)] {
    Text(text).split(separator: "&").filter { !$0.isEmpty }.map { pair in
      let parts = pair.split(separator: "=", maximumSplits: 1)
      return (name: parts[0], value: Text(parts[1].string.replacing("+", with: " ")))
    }
  }

  @Test func hasTheSamePagesAsALogOfItsOwn() async throws {
    for query in try Self.queries() {
      var (query, count) = (query, 0)
      while true {
        let page = try await part.page(query)
        let expected = try await alone.page(query)
        #expect(page.events == expected.events)
        #expect(page.previous == expected.previous && page.next == expected.next)
        #expect(page.state.lastID == expected.state.lastID)
        count += 1
        guard let next = page.next else { break }
        query = next
      }
      #expect(query.limit == nil || count > 0)
    }
  }

  @Test func countsTheSameAsALogOfItsOwn() async throws {
    for query in try Self.queries() {
      var histogram = HistogramQuery()
      histogram.filter = query.filter
      #expect(try await part.histogram(histogram) == alone.histogram(histogram))
      for member in [FacetQuery.Member.type, .source, .tag] {
        var facets = FacetQuery(member)
        facets.filter = query.filter
        #expect(try await part.facets(facets) == alone.facets(facets))
      }
    }
    #expect(try await part.statistics().events == alone.statistics().events)
  }

  @Test func hasNoEventOfAnotherSource() async throws {
    for event in try await all.page(EventQuery()).events {
      let found = try await part.event(event.id)
      #expect(found == (event.draft.source == "shop" ? event : nil))
    }
  }

  @Test func doesNotChangeWhenAnotherSourceDoes() async throws {
    let state = try await part.state()
    _ = try await all.append(.plain(source: "cron"))
    #expect(try await part.state() == state)
    #expect(try await SourceLog(of: "cron", in: all).state().fingerprint != state.fingerprint)
    let event = try await all.append(.plain(source: "shop"))
    #expect(try await part.state().lastID == event.id)
    #expect(try await part.state().fingerprint != state.fingerprint)
  }

  @Test(.timeLimit(.minutes(1))) func wakesWhoeverWaitsOnlyForItsOwn() async throws {
    let last = try await part.state().lastID
    let isAwake = Task { [part] in
      try await part.untilRecorded(after: last)
      return try await part.state().lastID
    }
    for _ in 0..<20 {
      _ = try await all.append(.plain(source: "cron"))
      await Task.yield()
    }
    let event = try await all.append(.plain(source: "shop"))
    #expect(try await isAwake.value == event.id)
    // What was recorded before does not have to be awaited.
    try await part.untilRecorded(after: last)
    try await SourceLog(of: "shop", in: all).untilRecorded(after: nil)
  }
}
