import EventLog
import EventLogAccess
import EventLogAPI
import EventLogWeb
import HTTPCore
import HTTPTypes
import Testing

/// Tests which role each page requires.
struct PageRoleTests {
  @Test func isThatOfWhatThePageShowsOrDoes() {
    let store = MemoryEventStore()
    let routes = HTMLPages(
      store: store, views: SavedViews(MemoryViewStore(), access: nil),
      availability: Availability(store: store), version: "1", storeName: "memory",
      hasStreams: true
    ).routes
    let roles = Dictionary(uniqueKeysWithValues: routes.map { ("\($0.method) \($0.path)", $0.role) })
    #expect(
      roles == [
        "GET /": .read, "POST /events": .record, "GET /events/{id}": .read, "GET /docs": .everyone,
        "GET /views/{name}": .read, "POST /save-view": .read, "POST /views/{name}/remove": .read,
      ])
  }
}
