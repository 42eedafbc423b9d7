import EventLog
import EventLogWeb
import HTTPCore
import HTTPTypes
import JSON
import Testing

/// What role each page wants.
struct PageRoleTests {
  @Test func isThatOfWhatThePageShowsOrDoes() {
    let routes = EventPages(
      store: MemoryEventStore(), isAvailable: { true },
      problem: { _ in ProblemDetails(.notFound, detail: "") },
      version: "1", storeName: "memory", description: .null, serviceLinks: { _ in "" }
    ).routes
    let roles = Dictionary(uniqueKeysWithValues: routes.map { ("\($0.method) \($0.path)", $0.role) })
    #expect(
      roles == ["GET /": .read, "POST /events": .record, "GET /events/{id}": .read, "GET /docs": .everyone])
  }
}
