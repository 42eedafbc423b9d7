import EventLog
import HTTPCore
import HTTPTypes
import TestSupport
import Testing

/// Tests of `GET /events/facets`.
struct GetFacetsTests {
  private static func api() async throws -> APIUnderTest {
    let store = MemoryEventStore()
    let samples: [(String, String?, String?)] = [
      ("web", "u", #"{"n":1}"#), ("web", nil, #"{"n":1.0,"s":"1"}"#), ("api", "u", #"{"n":[1,2]}"#),
      ("cron", nil, nil),
    ]
    for (source, userID, data) in samples {
      try await store.append(
        EventDraft(
          storedType: .info, source: source, message: "m", userID: userID, requestID: nil, tags: ["a"],
          data: data.map(EventData.init(stored:)), occurredAt: nil))
    }
    return APIUnderTest(store: store)
  }

  @Test(arguments: [
    (
      "by=source",
      #"{"by":"source","total":4,"values":[{"value":"web","count":2},{"value":"api","count":1},{"value":"cron","count":1}],"others":0,"more":false,"missing":0}"#
    ),
    (
      "by=source&limit=1&tag=a",
      #"{"by":"source","total":4,"values":[{"value":"web","count":2}],"others":2,"more":false,"missing":0}"#
    ),
    (
      "by=user_id",
      #"{"by":"user_id","total":4,"values":[{"value":"u","count":2}],"others":0,"more":false,"missing":2}"#
    ),
    (
      "by=data.n&limit=10",
      #"{"by":"data.n","total":4,"values":[{"value":1,"count":3},{"value":2,"count":1}],"others":0,"more":false,"missing":1}"#
    ),
    (
      "by=data.s&data.n=1",
      #"{"by":"data.s","total":3,"values":[{"value":"1","count":1}],"others":0,"more":false,"missing":2}"#
    ),
    ("by=tag&source=none", #"{"by":"tag","total":0,"values":[],"others":0,"more":false,"missing":0}"#),
  ])
  func countsTheMostFrequentValues(_ query: String, _ wanted: String) async throws {
    let response = try await Self.api().get("/events/facets", query: query)
    #expect(response.status == .ok)
    #expect(String(decoding: try await response.bytes(), as: UTF8.self) == wanted + "\n")
  }

  @Test(arguments: [
    ("", "by"), ("by=", "by"), ("by=message", "by"), ("by=data.", "by"), ("by=type&by=source", "by"),
    ("by=type&limit=0", "limit"), ("by=type&limit=101", "limit"), ("by=type&sort=type", "sort"),
  ])
  func namesTheParameterThatIsWrong(_ query: String, _ name: String) async throws {
    let response = try await Self.api().get("/events/facets", query: query)
    #expect(response.status == .unprocessableContent)
    #expect(String(decoding: try await response.bytes(), as: UTF8.self).contains(#""parameter":"\#(name)""#))
  }

  @Test func confirmsWhatTheClientHas() async throws {
    let api = try await Self.api()
    let first = try await api.get("/events/facets", query: "by=tag")
    let entityTag = try #require(first.fields[.eTag])
    #expect(
      try await api.respond(.get, "/events/facets", query: "by=tag", fields: [.ifNoneMatch: entityTag]).status
        == .notModified)
    #expect(
      try await api.respond(.get, "/events/facets", query: "by=type", fields: [.ifNoneMatch: entityTag])
        .status == .ok)
  }
}
