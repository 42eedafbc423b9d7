import EventLog
import EventLogAccess
import EventLogAPI
import HTTPCore
import HTTPTypes
import TestSupport
import Testing

@testable import EventLogWeb
import Text

/// Tests what the list page shows in each of its states.
struct ListStateTests {
  private static func show(
    _ state: ListState, form: FilledForm = FilledForm(), store: (any EventStore)? = nil,
    to roles: Set<Role> = [.read, .record]
  ) async throws -> Response {
    let log = MemoryEventStore()
    _ = try await log.restore(Event.examples, after: nil)
    let store = store ?? log
    let pages = HTMLPages(
      store: store, views: SavedViews(MemoryViewStore(), access: nil),
      availability: Availability(store: store), version: "1", storeName: "memory",
      hasStreams: true)
    var request = Request(target: try #require(RequestTarget(path: "/")))
    request.visitor = Visitor(roles: roles)
    return await pages.listPage(state, form: form, for: request)
  }

  /// A form that is refused must not come back with what its sender may not see.
  @Test func showsNothingOfTheLogToWhoMayOnlyRecord() async throws {
    var form = FilledForm(values: [("source", "web")], errors: [("message", "is required")])
    for state in [
      ListState.events(ListQuery(.newestEvents)), .problem(.noSuchEvent, beside: ListQuery(.newestEvents)),
    ] {
      let response = try await Self.show(state, form: form, to: [.record])
      #expect(response.ids.isEmpty && !response.html.contains("matching events"))
      #expect(!response.html.contains(#"id="count""#) && !response.html.contains("evt_0"))
      #expect(response.html.contains(#"name="message""#))
      form.errors = []
    }
  }

  @Test func aQueryIsAListAndFillsTheFilter() async throws {
    var query = EventQuery.newestEvents
    query.limit = 2
    let response = try await Self.show(.events(ListQuery(query), created: EventID(3)))
    #expect(response.status == .ok && response.ids == ["evt_003", "evt_002"])
    #expect(response.html.contains(#"<option value="2" selected>"#))
    #expect(response.html.contains(#"Recorded as <a href="/events/evt_003">"#))
    #expect(!response.html.contains(#"role="alert""#))
  }

  @Test func anInvalidFormIs422BesideTheList() async throws {
    let form = FilledForm(values: [("source", "kept")], errors: [("message", "is missing")])
    let response = try await Self.show(.events(.newestEvents), form: form)
    #expect(response.status == .unprocessableContent && response.ids.count == 3)
    #expect(response.html.contains(#"value="kept""#) && response.html.contains("Message is missing"))
  }

  @Test func anInvalidFilterIs422WithoutAList() async throws {
    let filter = FilledForm(values: [("limit", "0")], errors: [("limit", "is wrong")])
    let response = try await Self.show(.invalidFilter(filter))
    #expect(response.status == .unprocessableContent && response.ids.isEmpty)
    #expect(response.html.contains("Rows is wrong") && response.html.contains("<strong>Online</strong>"))
  }

  @Test func aProblemOfTheRequestIsToldBesideTheList() async throws {
    let response = try await Self.show(.problem(.noSuchEvent, beside: .newestEvents))
    #expect(response.status == .notFound && response.ids.count == 3)
    #expect(response.html.contains("There is no event with this id.</p>"))
    #expect(response.html.contains("<strong>Online</strong>") && response.html.contains(#"id="count""#))
  }

  @Test(arguments: [ListQuery.newestEvents, nil])
  func aStoreThatFailedIsUnavailableWhateverElseCanBeShown(_ list: ListQuery?) async throws {
    let problem = ProblemDetails(EventStoreError(.full, cause: "secret"))
    let response = try await Self.show(.problem(problem, beside: list))
    #expect(response.status == .insufficientStorage && response.cause == "secret")
    #expect(response.ids.count == (list == nil ? 0 : 3))
    #expect(response.html.contains("Recorded events are safe."))
    #expect(response.html.contains("<strong>Unavailable</strong>") && !response.html.contains(#"id="count""#))
  }

  @Test func theFirstProblemIsTheOneThatIsTold() async throws {
    let response = try await Self.show(.problem(.noSuchEvent, beside: .newestEvents), store: FailingStore())
    #expect(response.status == .notFound && response.ids.isEmpty)
    #expect(response.html.contains("<strong>Unavailable</strong>"))
  }
}
