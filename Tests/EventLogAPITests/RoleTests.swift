import EventLog
import EventLogAPI
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
  }()

  @Test(arguments: routes.map { ("\($0.method) \($0.path)", $0.role) })
  func isWhatTheRouteDoes(_ route: String, role: Role) {
    let wanted: Role =
      switch route {
      case "GET /health", "GET /openapi.json": .everyone
      case "POST /events": .record
      case "GET /status", "GET /metrics": .status
      default: .read
      }
    #expect(role == wanted)
  }

  @Test func isReadOrRecordWhereverThereAreEvents() {
    let events = Self.routes.filter { $0.path.hasPrefix("/events") }
    #expect(events.count == 9)
    #expect(events.allSatisfy { $0.role == ($0.method == .get ? .read : .record) })
  }

  @Test func letsNoSafeMethodReadContentAndEveryOtherSayWhatItTakes() {
    for route in Self.routes { #expect(route.takes.isEmpty == (route.method == .get), "\(route.path)") }
  }
}
