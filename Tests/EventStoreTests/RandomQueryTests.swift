import Synchronization
import Testing

@testable import EventLog

/// Random events and random questions: every store answers like a plain filter over an array.
@Suite(.timeLimit(.minutes(5)))
struct RandomQueryTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(arguments: StoreKind.allCases, [UInt64](1...8))
  func pagesLikeAPlainFilter(_ kind: StoreKind, seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let (store, events) = try await log(kind, &generator)
    for _ in 0..<40 {
      let query = generator.query()
      let expected = PlainLog(events).answer(query)
      let pages = try await store.pages(from: query)
      let found = pages.flatMap(\.self).map(\.id)
      #expect(found == expected.map(\.id), "\(query.parameters)")
      #expect(pages.dropLast().allSatisfy { $0.count == query.limit })

      // As JSON it is the same page, also when it is asked for once more.
      let page = try await store.page(query)
      for _ in 1...2 {
        let jsonPage = try await store.page(query, of: EventJSON.self)
        #expect(jsonPage.events == page.events.map { EventJSON($0, by: query.sort) })
        #expect(
          (jsonPage.next, jsonPage.previous, jsonPage.lastID) == (page.next, page.previous, page.lastID))
      }

      // Back from the last event: the same events, in the same order.
      guard let last = expected.last else { continue }
      var fromLast = query
      fromLast.cursor = EventCursor(.previous, of: EventPosition(of: last, by: query.sort))
      // As a client would follow it.
      fromLast = try EventQuery(parameters: fromLast.parameters)
      let back = try await store.pages(from: fromLast, direction: .previous)
      #expect(
        back.reversed().flatMap(\.self).map(\.id) == expected.dropLast().map(\.id), "\(query.parameters)")
    }
  }

  @Test(arguments: StoreKind.allCases, [UInt64](1...8))
  func countsLikeAPlainFilter(_ kind: StoreKind, seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let (store, events) = try await log(kind, &generator)
    for _ in 0..<40 {
      var query = HistogramQuery()
      query.filter = generator.filter()
      query.resolution = .buckets(Int.random(in: 1...60, using: &generator))
      let matching = events.filter { PlainLog.matches($0, query.filter) }
      let histogram = try await store.histogram(query)
      #expect(histogram.total == matching.count, "\(query.parameters)")
      for bucket in histogram.buckets {
        for type in EventType.allCases {
          let count = matching.count {
            $0.draft.type == type && bucket.since <= $0.timestamp && $0.timestamp < bucket.until
          }
          #expect(bucket.counts[type] ?? 0 == count, "\(query.parameters) \(bucket)")
        }
      }
    }
  }

  private func log(
    _ kind: StoreKind, _ generator: inout SeededGenerator
  ) async throws -> (any EventStore, [Event]) {
    let clock = Mutex<Int64>(1_700_000_000_000)
    let store = try kind.makeStore(in: folder, now: { Timestamp(milliseconds: clock.withLock(\.self)) })
    var events: [Event] = []
    for _ in 0..<Int.random(in: 0...40, using: &generator) {
      let isSetBack = Int.random(in: 0..<10, using: &generator) == 0
      let step = isSetBack ? -3_000_000 : Int64.random(in: 0...100_000, using: &generator)
      clock.withLock { $0 += step }
      let drafts = (0..<Int.random(in: 1...6, using: &generator)).map { _ in generator.draft() }
      events += try await store.append(drafts)
    }
    return (store, events)
  }
}

/// What every store must answer, in the simplest words.
private struct PlainLog {
  let events: [Event]

  init(_ events: [Event]) {
    self.events = events
  }

  func answer(_ query: EventQuery) -> [Event] {
    let matching = events.filter { Self.matches($0, query.filter) }
    func key(_ event: Event) -> [UInt8] {
      switch query.sort {
      case .timestamp: []
      case .type: Array(event.draft.type.rawValue.utf8)
      case .source: Array(event.draft.source.utf8)
      }
    }
    let sorted = matching.sorted { left, right in
      key(left) == key(right) ? left.id < right.id : key(left).lexicographicallyPrecedes(key(right))
    }
    return query.order == .ascending ? sorted : sorted.reversed()
  }

  static func matches(_ event: Event, _ filter: EventFilter) -> Bool {
    func isSame(_ wanted: String?, _ text: String?) -> Bool {
      wanted == nil || text.map { Array($0.utf8) } == wanted.map { Array($0.utf8) }
    }
    let draft = event.draft
    let haystacks = [draft.source, draft.message].map { $0.uppercased().lowercased() }
    let terms = (filter.search?.text ?? "").split(separator: " ").map { $0.uppercased().lowercased() }
    return (filter.types.isEmpty || filter.types.contains(draft.type))
      && isSame(filter.source, draft.source) && isSame(filter.userID, draft.userID)
      && isSame(filter.requestID, draft.requestID)
      && filter.tags.allSatisfy { tag in draft.tags.contains { isSame(tag, $0) } }
      && event.timestamp >= filter.since ?? event.timestamp
      && (filter.until.map { event.timestamp < $0 } ?? true)
      && terms.allSatisfy { term in
        haystacks.contains { haystack in
          let (haystack, term) = (Array(haystack.utf8), Array(term.utf8))
          return haystack.indices.contains { haystack[$0...].starts(with: term) }
        }
      }
  }
}

extension SeededGenerator {
  private static let words = [
    "Payment", "payment", "declined", "STRASSE", "straße", "Ωmega", "ωMEGA", "ΣΟΦΟΣ", "σοφος", "naïve",
    "NAÏVE",
    "\"quoted\"", "a%b_c", "it's", "x", "yz", "🎉🎉", "über", "order-4711", "order-4712", "NEAR", "AND", "*",
  ]
  private static let names = ["web", "Web", "api", "é", "e\u{301}", "z z", "a.b.c"]

  mutating func draft() -> EventDraft {
    let words = (0..<Int.random(in: 1...5, using: &self)).map { _ in pick(Self.words) }
    var tags: [String] = []
    for name in Self.names where Int.random(in: 0..<4, using: &self) == 0 { tags.append(name) }
    return EventDraft(
      storedType: pick(EventType.allCases), source: pick(Self.names), message: words.joined(separator: " "),
      userID: oneIn(2) ? pick(Self.names) : nil, requestID: oneIn(2) ? pick(Self.names) : nil, tags: tags,
      data: nil)
  }

  mutating func filter() -> EventFilter {
    var filter = EventFilter()
    if oneIn(3) { filter.types = Set(EventType.allCases.filter { _ in oneIn(2) }) }
    if oneIn(4) { filter.source = pick(Self.names) }
    if oneIn(4) { filter.userID = pick(Self.names) }
    if oneIn(6) { filter.requestID = pick(Self.names) }
    if oneIn(4) { filter.tags = oneIn(2) ? [pick(Self.names)] : ["é", "e\u{301}"] }
    if oneIn(4) { filter.since = moment() }
    if oneIn(4) { filter.until = moment() }
    if oneIn(2) {
      let parts = (0..<Int.random(in: 1...2, using: &self)).map { _ in
        let word = Array(pick(Self.words).unicodeScalars)
        let start = Int.random(in: 0..<word.count, using: &self)
        let end = Int.random(in: start + 1...word.count, using: &self)
        let part = word[start..<end].map(String.init).joined()
        return oneIn(2) ? part : part.uppercased()
      }
      filter.search = try? SearchTerms(parts.joined(separator: " "))
    }
    return filter
  }

  mutating func query() -> EventQuery {
    var query = EventQuery()
    query.filter = filter()
    query.sort = pick(EventQuery.Sort.allCases)
    query.order = pick(EventQuery.Order.allCases)
    query.limit = Int.random(in: 1...30, using: &self)
    return query
  }

  private mutating func moment() -> Timestamp {
    Timestamp(milliseconds: 1_700_000_000_000 + Int64.random(in: -3_000_000...2_000_000, using: &self))
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &self)]
  }

  private mutating func oneIn(_ count: Int) -> Bool {
    Int.random(in: 0..<count, using: &self) == 0
  }
}
