import EventLog
import EventLogAPI
import EventLogAccess
import EventLogFormats
import HTTPCore
import HTTPTypes
import Testing

/// Tests of the role that each route requires.
struct RoleTests {
  private static let routes: [Route] = {
    let store = MemoryEventStore()
    let availability = Availability(store: store)
    let status = StatusAPI(
      store: store, storeName: "memory", availability: availability, version: "1.2.3",
      statistics: { preconditionFailure("the statistics are not needed") })
    return EventAPI(store: store, availability: availability, version: "1.2.3").routes + status.routes
      + ViewsAPI(SavedViews(MemoryViewStore(), access: nil)).routes
  }()

  @Test func isWhatTheRouteDoes() {
    var wanted: [String: Role] = [
      "GET /health": .everyone, "GET /openapi.json": .everyone, "POST /events": .record,
      "POST /v1/logs": .record, "GET /events/stream": .read, "GET /events.atom": .read, "GET /events": .read,
      "GET /events/histogram": .read, "GET /events/facets": .read, "GET /events/{id}": .read,
      "GET /status": .status,
      "GET /metrics": .status, "GET /views": .read, "GET /views/{name}": .read, "PUT /views/{name}": .read,
      "DELETE /views/{name}": .read,
    ]
    for format in EventFormat.allCases { wanted["GET /events.\(format.suffix)"] = .read }
    let roles = Self.routes.map { ("\($0.method) \($0.path)", $0.role) }
    for (route, role) in roles { #expect(role == wanted[route], "\(route)") }
    #expect(Set(roles.map(\.0)) == Set(wanted.keys))
  }

  @Test func letsNoSafeMethodReadContentAndEveryOtherSayWhatItTakes() {
    for route in Self.routes {
      #expect(route.takes.isEmpty == [.get, .delete].contains(route.method), "\(route.path)")
    }
  }
}
