import EventLog
import TestSupport
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
