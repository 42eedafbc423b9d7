import EventLog
import HTTPCore
import HTTPTypes
import TestSupport
import Testing

/// Tests of `ETag` and `If-None-Match`.
struct ConditionalRequestTests {
  @Test(arguments: ["/events", "/events.csv", "/events/histogram", "/events/evt_002"])
  func answers304UntilSomethingChanges(_ path: String) async throws {
    let store = MemoryEventStore()
    _ = try await store.restore(Event.examples, after: nil)
    let api = APIUnderTest(store: store)
    let first = try await api.get(path)
    let entityTag = try #require(first.fields[.eTag])
    for value in [entityTag, "*", "\"x\", \(entityTag)", entityTag.replacing("W/", with: "")] {
      let second = try await api.respond(.get, path, fields: [.ifNoneMatch: value])
      #expect(second.status == .notModified, "\(value)")
      #expect(second.fields[.eTag] == entityTag)
      #expect(try await second.bytes().isEmpty)
    }
    #expect(try await api.respond(.get, path, fields: [.ifNoneMatch: "\"other\""]).status == .ok)
    try await store.append(.plain("later"))
    let third = try await api.respond(.get, path, fields: [.ifNoneMatch: entityTag])
    // An event never changes; everything else may have changed.
    #expect(third.status == (path.hasSuffix("evt_002") ? .notModified : .ok))
  }

  @Test func differsBetweenQueriesAndForms() async throws {
    let api = try await APIUnderTest.withExamples()
    var tags: [String] = []
    for query in ["", "type=error", "limit=2", "limit=3", "order=desc", "q=a", "source=a"] {
      tags.append(try #require(try await api.get("/events", query: query).fields[.eTag]))
    }
    tags.append(try #require(try await api.get("/events.csv").fields[.eTag]))
    #expect(Set(tags).count == tags.count)
    #expect(tags.allSatisfy { $0.hasPrefix("W/\"") })
  }

  @Test func differsBetweenHistograms() async throws {
    let api = try await APIUnderTest.withExamples()
    let queries = [
      "", "buckets=24", "buckets=25", "interval=1h", "interval=2h", "type=error", "q=a", "source=a",
    ]
    var tags: Set<String> = []
    for query in queries {
      tags.insert(try #require(try await api.get("/events/histogram", query: query).fields[.eTag]))
    }
    #expect(tags.count == queries.count)
  }

  @Test(arguments: ["/events", "/events/histogram"])
  func differsBetweenTheMomentsThatASpanStandsFor(_ path: String) async throws {
    let api = try await APIUnderTest.withExamples()
    let first = try await api.get(path, query: "since=1h").fields[.eTag]
    try await Task.sleep(for: .milliseconds(5))
    let second = try await api.respond(
      .get, path, query: "since=1h", fields: [.ifNoneMatch: try #require(first)])
    #expect(second.status == .ok && second.fields[.eTag] != first)
  }

  @Test func letsNobodyKeepAnEventWithoutAsking() async throws {
    let response = try await APIUnderTest.withExamples().get("/events/evt_001")
    #expect(response.fields[.cacheControl] == "no-cache")
    #expect(response.fields[.eTag]?.hasPrefix("\"") == true)
  }

  @Test(arguments: ["/events", "/events.csv", "/events/histogram", "/events/evt_001"])
  func confirmsNothingOfAnotherLog(_ path: String) async throws {
    // A restored log can have the same ids, even the same moments, and other texts.
    let moment = Timestamp(milliseconds: 1_700_000_000_000)
    var responses: [Response] = []
    var entityTag: String?
    for message in ["before", "after"] {
      let store = MemoryEventStore(now: { moment })
      try await store.append(.plain(message))
      let fields: HTTPFields = entityTag.map { [.ifNoneMatch: $0] } ?? [:]
      responses.append(try await APIUnderTest(store: store).respond(.get, path, fields: fields))
      entityTag = responses[0].fields[.eTag]
    }
    #expect(entityTag != nil)
    #expect(responses.map(\.status) == [.ok, .ok])
  }
}
