import EventLog
import TestSupport
import Text
import Testing

@testable import EventLogSQLite

struct PageCacheTests {
  /// Returns a page with one event whose message has a size in bytes.
  private static func page(size: Int) async throws -> EventPage<EventJSON> {
    let store = MemoryEventStore()
    try await store.append(.plain(String(repeating: "x", count: size)))
    return try await store.page(EventQuery(), of: EventJSON.self)
  }

  private static func query(_ limit: Int) -> EventQuery { EventQuery(limit: limit) }

  @Test func readsAPageOnceForEachStateOfTheLog() async throws {
    let page = try await Self.page(size: 1)
    var cache = PageCache()
    var reads = 0
    func ask() {
      _ = cache.page(Self.query(1)) {
        reads += 1
        return page
      }
    }
    cache.keepOnly(version: 1)
    ask()
    ask()
    #expect(reads == 1)
    cache.keepOnly(version: 1)
    ask()
    #expect(reads == 1)
    cache.keepOnly(version: 2)
    ask()
    #expect(reads == 2)
  }

  @Test func tellsQueriesApartByEveryPart() async throws {
    let page = try await Self.page(size: 1)
    let moment = Timestamp(milliseconds: 1)
    let filters: [EventCondition] = [
      .type(.error), .not(.type(.error)), .source("a"), .userID("a"), .requestID("a"), .tag("a"), .tag("b"),
      .text(SearchTerms(["a"])), .since(moment), .until(moment), .all([.tag("a"), .tag("b")]),
      .any([.tag("a"), .tag("b")]),
    ]
    var queries = [EventQuery(limit: 1), EventQuery(limit: 2), EventQuery(order: .descending, limit: 1)]
    queries += filters.map { filter in
      var query = EventQuery(limit: 1)
      query.filter = filter
      return query
    }
    for sort in EventQuery.Sort.allCases {
      for direction in [EventCursor.Direction.next, .previous] {
        for id: Int64 in [1, 11] {
          for key in sort == .timestamp ? [nil] : ["a", "b"] as [Text?] {
            var query = EventQuery(limit: 1)
            query.sort = sort
            query.cursor = EventCursor(direction, of: EventPosition(key: key, id: try #require(EventID(id))))
            queries.append(query)
          }
        }
      }
    }
    for (index, query) in queries.enumerated() {
      for other in queries[(index + 1)...] {
        var cache = PageCache()
        var reads = 0
        for query in [query, other, query] {
          _ = cache.page(query) {
            reads += 1
            return page
          }
        }
        #expect(reads == 2, "\(query) and \(other)")
      }
    }
  }

  @Test func boundsWhatItKeeps() async throws {
    let large = try await Self.page(size: 60_000)
    var cache = PageCache()
    for limit in 1...1000 { _ = cache.page(Self.query(limit)) { large } }
    #expect((60_000...1 << 20).contains(cache.size))
    let small = try await Self.page(size: 1)
    for limit in 1...1000 { _ = cache.page(Self.query(limit)) { small } }
    #expect((1...32).contains(cache.count))
  }

  @Test func keepsNoPageThatIsLargerThanAllPagesMayBe() async throws {
    let page = try await Self.page(size: (1 << 20) + 1)
    var cache = PageCache()
    for _ in 1...2 { _ = cache.page(Self.query(1)) { page } }
    #expect(cache.count == 0 && cache.size == 0)
  }
}
