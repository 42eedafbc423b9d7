import EventLog
import HTTPCore
import HTTPTypes
import TestSupport
import Testing

/// Tests of `GET /events/histogram`.
struct GetHistogramTests {
  @Test func countsByIntervalAndType() async throws {
    let response = try await APIUnderTest.withExamples().get("/events/histogram", query: "interval=30m")
    #expect(
      String(decoding: try await response.bytes(), as: UTF8.self) == """
        {"interval":"30m","since":"2024-01-15T14:30:00.000Z","until":"2024-01-15T15:30:00.000Z","total":3,"buckets":[\
        {"since":"2024-01-15T14:30:00.000Z","until":"2024-01-15T15:00:00.000Z","total":1,\
        "counts":{"user_action":1,"system":0,"error":0,"info":0}},\
        {"since":"2024-01-15T15:00:00.000Z","until":"2024-01-15T15:30:00.000Z","total":2,\
        "counts":{"user_action":0,"system":1,"error":1,"info":0}}]}

        """)
  }

  @Test(arguments: [
    ("", "1m"), ("buckets=1", "2h"), ("buckets=2", "30m"), ("buckets=8", "5m"), ("type=error", "1s"),
    ("q=form&buckets=10", "1s"),
  ])
  func choosesARoundInterval(_ query: String, interval: String) async throws {
    let object = try await APIUnderTest.withExamples().get("/events/histogram", query: query).object()
    #expect(object["interval"] as? String == interval)
  }

  /// The interval starts before the year 0 and ends after the year 9999.
  @Test func survivesTheLongestInterval() async throws {
    let object = try await APIUnderTest.withExamples().get("/events/histogram", query: "interval=3660000d")
      .object()
    #expect(object["since"] as? String == "0000-01-01T00:00:00.000Z")
    #expect(object["until"] as? String == "9999-12-31T23:59:59.999Z")
    #expect(object["total"] as? Int == 3)
  }

  @Test func hasTheBoundsOfTheQuestionAsEdges() async throws {
    let query = "since=2024-01-15T12:30:00Z&until=2024-01-15T18:00:00Z&interval=1h"
    let object = try await APIUnderTest.withExamples().get("/events/histogram", query: query).object()
    #expect(object["since"] as? String == "2024-01-15T12:30:00.000Z")
    #expect(object["until"] as? String == "2024-01-15T18:00:00.000Z")
    let totals = (object["buckets"] as? [[String: Any]])?.compactMap { $0["total"] as? Int }
    #expect(totals == [0, 0, 1, 2, 0, 0])
  }

  @Test func showsTheSilenceOfTheLastDay() async throws {
    let store = MemoryEventStore()
    try await store.append(.plain("now"))
    let object = try await APIUnderTest(store: store).get(
      "/events/histogram", query: "since=24h&interval=1h"
    ).object()
    let buckets = try #require(object["buckets"] as? [[String: Any]])
    #expect((24...25).contains(buckets.count))
    #expect(buckets.compactMap { $0["total"] as? Int }.reduce(0, +) == 1)
  }

  @Test func isEmptyWhenNothingMatches() async throws {
    let response = try await APIUnderTest.withExamples().get("/events/histogram", query: "q=nothing")
    #expect(
      String(decoding: try await response.bytes(), as: UTF8.self)
        == #"{"interval":null,"since":null,"until":null,"total":0,"buckets":[]}"# + "\n")
  }

  @Test(arguments: [
    ("buckets=0", ["buckets"]), ("buckets=1001", ["buckets"]), ("interval=1", ["interval"]),
    ("interval=0s", ["interval"]), ("interval=99999999999999999999d", ["interval"]),
    ("interval=1h&buckets=3", ["interval"]), ("limit=3", ["limit"]), ("interval=1s", ["interval"]),
    ("type=x&since=y", ["type", "since"]),
  ])
  func answers422AndNamesTheParameter(_ query: String, names: [String]) async throws {
    let response = try await APIUnderTest.withExamples().get("/events/histogram", query: query)
    #expect(response.status == .unprocessableContent)
    #expect(try await response.places() == names)
  }
}
