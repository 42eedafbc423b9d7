import EventLog
import HTTPCore
import HTTPTypes
import TestSupport
import Testing

/// Tests of `GET /events/{id}`.
struct GetEventTests {
  @Test func answersWithTheEvent() async throws {
    let event = try await APIUnderTest.withExamples().get("/events/evt_002").object()
    #expect(event["type"] as? String == "system")
  }

  @Test(arguments: ["evt_004", "evt_2", "002", "evt_0002", "x"])
  func answers404WhenThereIsNone(_ id: String) async throws {
    let response = try await APIUnderTest.withExamples().get("/events/\(id)")
    #expect(response.status == .notFound)
    #expect(response.fields[.contentType] == "application/problem+json")
  }

  /// At the same address, a browser gets a page, which a cache must not take for the event.
  @Test func variesByWhatIsAccepted() async throws {
    let api = try await APIUnderTest.withExamples()
    let response = try await api.get("/events/evt_002")
    let entityTag = try #require(response.fields[.eTag])
    let again = try await api.respond(.get, "/events/evt_002", fields: [.ifNoneMatch: entityTag])
    #expect(again.status == .notModified)
    for response in [response, again] { #expect(response.fields[.vary] == "Accept") }
  }

  @Test func answersHeadWithoutTheBody() async throws {
    let response = try await APIUnderTest.withExamples().respond(.head, "/events/evt_001")
    #expect(response.status == .ok)
    #expect(try await response.bytes().isEmpty)
  }

  @Test func answers405WithTheMethodsThatThereAre() async throws {
    let response = try await APIUnderTest.withExamples().respond(.delete, "/events/evt_001")
    #expect(response.status == .methodNotAllowed)
    #expect(response.fields[.allow] == "GET, HEAD, OPTIONS")
  }

  @Test func answers503WhenTheStoreCannot() async throws {
    let api = APIUnderTest(store: FailingStore(.unavailable, cause: "broken"))
    let response = try await api.get("/events/evt_001")
    #expect(response.status == .serviceUnavailable)
    #expect(response.fields[.retryAfter] != nil)
    #expect(response.cause == "broken")
  }
}
