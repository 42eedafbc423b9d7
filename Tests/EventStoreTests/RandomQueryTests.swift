import Foundation
import Synchronization
import TestSupport
import Testing

@testable import EventLog
import Text

/// Every store answers random questions about random events just as a plain filter over an array does.
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
      let query = generator.query(events)
      let expected = PlainLog(events).answer(query)
      let pages = try await store.pages(from: query)
      let found = pages.flatMap(\.self).map(\.id)
      #expect(found == expected.map(\.id), "\(query)")
      #expect(pages.dropLast().allSatisfy { $0.count == query.limit })

      // The page is the same as JSON, even when it is requested a second time.
      let page = try await store.page(query)
      for _ in 1...2 {
        let jsonPage = try await store.page(query, of: EventJSON.self)
        #expect(jsonPage.events == page.events.map { EventJSON($0, by: query.sort) })
        #expect(
          (jsonPage.next, jsonPage.previous, jsonPage.state) == (page.next, page.previous, page.state))
      }

      // Reading back from the last event finds the same events, in the same order.
      guard let last = expected.last else { continue }
      var fromLast = query
      fromLast.cursor = EventCursor(.previous, of: EventPosition(of: last, by: query.sort))
      // A client would follow the link in this way.
      if query.filter.isSpelledByParameters { fromLast = try EventQuery(parameters: fromLast.parameters) }
      let back = try await store.pages(from: fromLast, direction: .previous)
      #expect(
        back.reversed().flatMap(\.self).map(\.id) == expected.dropLast().map(\.id), "\(query)")
    }
  }

  @Test(arguments: StoreKind.allCases, [UInt64](1...8))
  func countsLikeAPlainFilter(_ kind: StoreKind, seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let (store, events) = try await log(kind, &generator)
    for _ in 0..<40 {
      var query = HistogramQuery()
      query.filter = generator.filter(events)
      query.resolution = .buckets(Int.random(in: 1...60, using: &generator))
      query.time = Int.random(in: 0..<2, using: &generator) == 0 ? .timestamp : .occurredAt
      let time = query.time
      if Int.random(in: 0..<4, using: &generator) == 0 {
        query.end = Timestamp(milliseconds: 1_700_001_000_000)
      }
      let matching = events.filter { PlainLog.matches($0, query.filter) }
      let histogram = try await store.histogram(query)
      #expect(histogram.total == matching.count, "\(query)")
      let moments = matching.map { PlainLog.moment(of: time, $0) }
      if let first = moments.min(), let last = moments.max() {
        let (start, end) = (try #require(histogram.buckets.first), try #require(histogram.buckets.last))
        #expect(start.since <= first && last < end.until)
        #expect(query.filter.since(by: time) != nil || first < start.until)
        #expect(query.filter.until(by: time) != nil || query.end != nil || end.since <= last)
      } else {
        #expect(histogram.buckets.isEmpty == !query.hasEdges)
      }
      if let start = histogram.buckets.first, let end = histogram.buckets.last {
        if let since = query.filter.since(by: time) { #expect(start.since == since) }
        if let until = query.filter.until(by: time) {
          #expect(end.until == until)
        } else if let now = query.end {
          #expect(end.until >= now)
        }
      }
      for bucket in histogram.buckets {
        for type in EventType.allCases {
          let count = zip(matching, moments).count { event, moment in
            event.draft.type == type && bucket.since <= moment && moment < bucket.until
          }
          #expect(bucket.counts[type] ?? 0 == count, "\(query) \(bucket)")
        }
      }
    }
  }

  @Test(arguments: StoreKind.allCases, [UInt64](1...8))
  func countsValuesLikeAPlainFilter(_ kind: StoreKind, seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let (store, events) = try await log(kind, &generator)
    let members: [FacetQuery.Member] = [
      .type, .source, .userID, .requestID, .tag, .data(try #require(DataPath("n"))),
      .data(try #require(DataPath("ok"))),
    ]
    for _ in 0..<20 {
      for member in members {
        var query = FacetQuery(member)
        query.filter = generator.filter(events)
        query.limit = Int.random(in: 1...8, using: &generator)
        let matching = events.filter { PlainLog.matches($0, query.filter) }
        var counts: [Text: Int] = [:]
        for event in matching {
          for value in PlainLog.values(of: member, event) { counts[value, default: 0] += 1 }
        }
        let sorted = counts.sorted {
          $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key
        }
        let facets = try await store.facets(query)
        #expect(facets.values.map(\.value.text) == sorted.prefix(query.limit).map(\.key), "\(query)")
        #expect(facets.values.map(\.count) == sorted.prefix(query.limit).map(\.value), "\(query)")
        #expect(facets.others == max(0, sorted.count - query.limit) && !facets.hasMore)
        #expect(facets.total == matching.count)
        #expect(facets.missing == matching.count { PlainLog.values(of: member, $0).isEmpty })
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

extension HistogramQuery {
  /// Whether the question itself says where the intervals begin and end.
  fileprivate var hasEdges: Bool {
    guard let since = filter.since(by: time), let until = filter.until(by: time) ?? end else { return false }
    return since < until
  }
}

/// The answers that every store must give, in the simplest terms.
struct PlainLog {
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

  static func values(of member: FacetQuery.Member, _ event: Event) -> [Text] {
    let draft = event.draft
    switch member {
    case .type: return [Text(draft.type.rawValue)]
    case .source: return [Text(draft.source)]
    case .userID: return draft.userID.map { [Text($0)] } ?? []
    case .requestID: return draft.requestID.map { [Text($0)] } ?? []
    case .tag: return draft.tags.map(Text.init(_:))
    case .data(let path):
      // The data of these events has no lists, and no objects in it.
      guard let json = draft.data?.json, let start = json.range(of: "\"\(path.text.string)\":") else {
        return []
      }
      return [Text(String(json[start.upperBound...].prefix { $0 != "," && $0 != "}" }))]
    }
  }

  static func moment(of time: EventTime, _ event: Event) -> Timestamp {
    time == .timestamp ? event.timestamp : event.draft.occurredAt ?? event.timestamp
  }

  static func matches(_ event: Event, _ condition: EventCondition) -> Bool {
    func isSame(_ wanted: Text, _ text: String?) -> Bool {
      text.map { Array($0.utf8) } == Array(wanted.utf8)
    }
    let draft = event.draft
    switch condition {
    case .all(let conditions): return conditions.filter { matches(event, $0) }.count == conditions.count
    case .any(let conditions): return !conditions.filter { matches(event, $0) }.isEmpty
    case .not(let condition): return !matches(event, condition)
    case .type(let type): return draft.type == type
    case .source(let source): return isSame(source, draft.source)
    case .userID(let userID): return isSame(userID, draft.userID)
    case .requestID(let requestID): return isSame(requestID, draft.requestID)
    case .tag(let tag): return draft.tags.contains { isSame(tag, $0) }
    case .data(let leaf):
      // The data of these events has no lists, and a member in it leads to a single value.
      guard let json = draft.data?.json else { return false }
      let wanted = "\"\(leaf.path.text.string)\":\(leaf.value.text.string)"
      return json.contains("\(wanted),") || json.contains("\(wanted)}")
    case .number(let comparison):
      guard let right = Double(comparison.number.text) else { return false }
      let left = values(of: .data(comparison.path), event).compactMap { Double($0.string) }
      return left.contains { left in
        switch comparison.relation {
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
      }
    case .has(let member):
      return switch member {
      case .userID: draft.userID != nil
      case .requestID: draft.requestID != nil
      case .tag: draft.tags.count > 0
      case .data: draft.data != nil
      case .dataMember(let path): draft.data?.json.contains("\"\(path.text.string)\":") ?? false
      }
    case .search(let search):
      return search.clauses.allSatisfy { terms in
        terms.contains { matches(event, $0.subject.condition(at: search.now)) != $0.isExcluded }
      }
    case .since(let bound, let time): return moment(of: time, event).milliseconds >= bound.milliseconds
    case .until(let bound, let time): return moment(of: time, event).milliseconds < bound.milliseconds
    case .text(let terms):
      let haystacks = [draft.source, draft.message].map { $0.uppercased().lowercased() }
      return terms.texts.map { $0.string.uppercased().lowercased() }.allSatisfy { term in
        haystacks.contains { haystack in
          let (haystack, term) = (Array(haystack.utf8), Array(term.utf8))
          return haystack.indices.contains { haystack[$0...].starts(with: term) }
        }
      }
    }
  }
}

extension EventCondition {
  /// Whether parameters can express the condition.
  fileprivate var isSpelledByParameters: Bool {
    Set(conjuncts).count == conjuncts.count
      && conjuncts.allSatisfy { condition in
        switch condition {
        case .not, .text, .number, .has: false
        case .any(let choices):
          !choices.isEmpty && choices.allSatisfy { if case .type = $0 { true } else { false } }
        default: true
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
      data: oneIn(2)
        ? EventData(stored: "{\"n\":\(pick([1, 2, 30])),\"ok\":\(pick([true, false])),\"x\":null}") : nil,
      occurredAt: oneIn(4) ? anyMoment() : nil)
  }

  /// Returns a filter that parameters can express, or any tree of conditions.
  mutating func filter(_ events: [Event]) -> EventCondition {
    if oneIn(3) { return tree(events, depth: 3) }
    let parameters = EventCondition.Parameter.allCases.filter { _ in oneIn(4) }
    return .all(
      parameters.flatMap { parameter -> [EventCondition] in
        switch parameter {
        // Of several values, an event needs only one, or all of them.
        case .type where oneIn(2): [.anyType(of: [pick(EventType.allCases), pick(EventType.allCases)])]
        case .tag where oneIn(2): [.tag("é"), .tag("e\u{301}")]
        default: [condition(parameter, events)]
        }
      })
  }

  private mutating func tree(_ events: [Event], depth: Int) -> EventCondition {
    let parts = (0..<(depth == 0 ? 0 : Int.random(in: 0...3, using: &self))).map { _ in
      tree(events, depth: depth - 1)
    }
    switch depth == 0 ? 9 : Int.random(in: 0..<10, using: &self) {
    case 0: return .all(parts)
    case 1: return .any(parts)
    case 2: return .not(tree(events, depth: depth - 1))
    case 3: return term(events).subject.condition(at: anyMoment())
    default: return condition(pick(EventCondition.Parameter.allCases), events)
    }
  }

  /// Returns a random search.
  mutating func search(_ events: [Event]) -> SearchQuery {
    let clauses = (0..<Int.random(in: 1...3, using: &self)).map { _ in
      (0..<(oneIn(3) ? 2 : 1)).map { _ in term(events) }
    }
    return SearchQuery(clauses, now: anyMoment())
  }

  private mutating func term(_ events: [Event]) -> SearchTerm {
    SearchTerm(subject: subject(events), isExcluded: oneIn(3))
  }

  private mutating func subject(_ events: [Event]) -> SearchTerm.Subject {
    switch Int.random(in: 0..<14, using: &self) {
    case 0: .type(pick(EventType.allCases))
    case 1: .source(Text(pick(Self.names)))
    case 2: .userID(Text(pick(Self.names)))
    case 3: .requestID(Text(pick(Self.names)))
    case 4: .tag(Text(pick(Self.names)))
    case 5: .data(leaf())
    case 6:
      .number(
        NumberComparison(
          path: Self.path("n"), pick(NumberComparison.Relation.allCases),
          CanonicalNumber(pick(["-1", "1", "1.5", "2", "3e1", "29.99", "1e30"]))))
    case 7: .has(pick([.userID, .requestID, .tag, .data]))
    case 8: .has(.dataMember(Self.path(pick(["n", "ok", "none"]))))
    case 9: .since(bound(events), by: pick([.timestamp, .occurredAt]))
    case 10: .until(bound(events), by: pick([.timestamp, .occurredAt]))
    case 11:
      .on(Timestamp(milliseconds: pick([1_699_920_000_000, 1_700_006_400_000])))
    default: .text(Text(part(of: pick(Self.words + ["Payment declined", "x yz"]))))
    }
  }

  private mutating func bound(_ events: [Event]) -> TimeBound {
    if oneIn(2), let span = TimeSpan(seconds: Int64.random(in: 1...3000, using: &self)) { return .ago(span) }
    return .moment(moment(events, .timestamp))
  }

  private mutating func condition(_ parameter: EventCondition.Parameter, _ events: [Event]) -> EventCondition
  {
    switch parameter {
    case .type: .type(pick(EventType.allCases))
    case .source: .source(Text(pick(Self.names)))
    case .search: .search(search(events))
    case .since: .since(moment(events, .timestamp))
    case .until: .until(moment(events, .timestamp))
    case .occurredSince: .since(moment(events, .occurredAt), by: .occurredAt)
    case .occurredUntil: .until(moment(events, .occurredAt), by: .occurredAt)
    case .userID: .userID(Text(pick(Self.names)))
    case .requestID: .requestID(Text(pick(Self.names)))
    case .tag: .tag(Text(pick(Self.names)))
    case .data: .data(leaf())
    }
  }

  private mutating func leaf() -> DataLeaf {
    pick([
      DataLeaf(path: Self.path("n"), value: DataValue(Text("\(pick([1, 2, 3, 30]))"))),
      DataLeaf(path: Self.path("ok"), value: .bool(pick([true, false]))),
      DataLeaf(path: Self.path("x"), value: .null),
    ])
  }

  private static func path(_ name: Text) -> DataPath { DataPath([name]) }

  private mutating func part(of text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    let start = Int.random(in: 0..<scalars.count, using: &self)
    let end = Int.random(in: start + 1...scalars.count, using: &self)
    let part = scalars[start..<end].map(String.init).joined()
    return oneIn(2) ? part : part.uppercased()
  }

  mutating func query(_ events: [Event]) -> EventQuery {
    var query = EventQuery()
    query.filter = filter(events)
    query.sort = pick(EventQuery.Sort.allCases)
    query.order = pick(EventQuery.Order.allCases)
    query.limit = Int.random(in: 1...30, using: &self)
    return query
  }

  /// Returns a random moment. Half of the moments are those of events, because only such a bound shows on which side of
  /// it an event belongs.
  private mutating func moment(_ events: [Event], _ time: EventTime) -> Timestamp {
    if oneIn(2), !events.isEmpty { return PlainLog.moment(of: time, pick(events)) }
    return anyMoment()
  }

  private mutating func anyMoment() -> Timestamp {
    Timestamp(milliseconds: 1_700_000_000_000 + Int64.random(in: -3_000_000...2_000_000, using: &self))
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &self)]
  }

  private mutating func oneIn(_ count: Int) -> Bool {
    Int.random(in: 0..<count, using: &self) == 0
  }
}
