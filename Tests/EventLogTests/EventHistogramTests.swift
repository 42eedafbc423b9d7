import EventLog
import Text
import Testing

/// Tests of the intervals of a histogram.
struct EventHistogramTests {
  private static let hour: Int64 = 3_600_000
  /// 2024-03-01T12:30:00Z, half an hour after the start of an interval of hours.
  private static let now = Timestamp(milliseconds: 1_709_296_200_000)

  private static func histogram(
    _ parameters: [(name: Text, value: Text)], events: [Timestamp] = []
  ) throws -> EventHistogram {
    let query = try HistogramQuery(parameters: parameters, now: now)
    let moments = events.min().flatMap { first in events.max().map { first...$0 } }
    var histogram = try EventHistogram(of: query, spanning: moments)
    for event in events { histogram.add(of: .info, at: event) }
    return histogram
  }

  private static func ago(_ hours: Double) -> Timestamp {
    Timestamp(milliseconds: now.milliseconds - Int64(hours * Double(hour)))
  }

  @Test(arguments: [[], [0.25], [23.75], [10, 10.5]] as [[Double]])
  func showsAllOfTheLastDayWhereverItsEventsAre(_ hours: [Double]) throws {
    let histogram = try Self.histogram(
      [("since", "24h"), ("interval", "1h")], events: hours.map(Self.ago))
    #expect(histogram.buckets.count == 25)
    #expect(histogram.buckets.first?.since == Self.ago(24))
    #expect(histogram.buckets.last?.until == Self.now)
    #expect(histogram.total == hours.count)
    // Only the first and the last interval are cut; the others start with the hour.
    #expect(histogram.buckets.dropFirst().allSatisfy { $0.since.milliseconds % Self.hour == 0 })
    #expect(histogram.buckets.map(\.until).dropLast() == histogram.buckets.map(\.since).dropFirst())
  }

  @Test func hasTheBoundsOfTheQuestionAsEdges() throws {
    let bounds: [(Text, Text)] = [
      ("since", "2024-03-01T00:10:00Z"), ("until", "2024-03-01T05:50:00Z"), ("buckets", "6"),
    ]
    let event = try #require(Timestamp(rfc3339: "2024-03-01T02:00:00Z"))
    let histogram = try Self.histogram(bounds, events: [event])
    #expect(histogram.interval == TimeSpan("1h"))
    #expect(histogram.buckets.first?.since.description == "2024-03-01T00:10:00.000Z")
    #expect(histogram.buckets.last?.until.description == "2024-03-01T05:50:00.000Z")
    #expect(histogram.buckets.map(\.total) == [0, 0, 1, 0, 0, 0])
    #expect(try Self.histogram(bounds).buckets.map(\.total) == [0, 0, 0, 0, 0, 0])
  }

  @Test func reachesFromOneBoundToTheEvents() throws {
    let since = try Self.histogram(
      [("since", "2024-03-01T08:10:00Z"), ("interval", "1h")], events: [Self.ago(2.25)])
    #expect(since.buckets.map(\.since.description).first == "2024-03-01T08:10:00.000Z")
    #expect(since.buckets.map(\.until.description).last == "2024-03-01T11:00:00.000Z")
    let until = try Self.histogram(
      [("until", "2024-03-01T13:10:00Z"), ("interval", "1h")], events: [Self.ago(2.25)])
    #expect(until.buckets.map(\.since.description).first == "2024-03-01T10:00:00.000Z")
    #expect(until.buckets.map(\.until.description).last == "2024-03-01T13:10:00.000Z")
  }

  @Test func holdsAnEventThatIsLaterThanNow() throws {
    let histogram = try Self.histogram(
      [("since", "1h"), ("interval", "1h")], events: [Self.ago(-3), Self.ago(0)])
    #expect(histogram.total == 2)
    #expect(histogram.buckets.last?.until == Timestamp(milliseconds: Self.ago(-3).milliseconds + 1))
  }

  @Test(
    arguments: [
      [("since", "2024-03-01")], [("until", "2024-03-01")],
      [("since", "2024-03-02"), ("until", "2024-03-01")],
      [("since", "1h"), ("until", "1h")], [],
    ] as [[(Text, Text)]])
  func isEmptyWhereNothingMatchesAndNoTimeLiesBetweenTwoBounds(_ bounds: [(Text, Text)]) throws {
    #expect(try Self.histogram(bounds).buckets.isEmpty)
  }

  @Test func refusesTooManyIntervalsBetweenItsEdges() {
    let error = #expect(throws: InvalidQuery.self) {
      try Self.histogram([("since", "24h"), ("interval", "1s")], events: [Self.ago(1)])
    }
    #expect(error?.errors.map(\.name) == ["interval"])
  }

  @Test func isAnotherQuestionWhenItsEndIsAnotherOne() throws {
    let parameters: [(name: Text, value: Text)] = [("since", "24h")]
    let question = try HistogramQuery(parameters: parameters, now: Self.now)
    #expect(try HistogramQuery(parameters: parameters, now: Self.now).fingerprint == question.fingerprint)
    #expect(try HistogramQuery(parameters: parameters, now: Self.ago(1)).fingerprint != question.fingerprint)
    let earlier = try HistogramQuery(parameters: [("since", "23h")], now: Self.ago(1))
    #expect(earlier.filter == question.filter && earlier.fingerprint != question.fingerprint)
  }

  // 2024-01-15 is a Monday, and 2024 is a leap year.
  @Test(arguments: [
    ("7d", "2024-01-15T00:00:00Z", "2024-01-21T23:59:59.999Z", ["2024-01-15T00:00:00.000Z"]),
    (
      "7d", "2024-01-14T23:59:59.999Z", "2024-01-15T00:00:00Z",
      ["2024-01-08T00:00:00.000Z", "2024-01-15T00:00:00.000Z"]
    ),
    ("7d", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", ["1969-12-29T00:00:00.000Z"]),
    (
      "1d", "2024-02-28T23:59:59.999Z", "2024-03-01T00:00:00Z",
      ["2024-02-28T00:00:00.000Z", "2024-02-29T00:00:00.000Z", "2024-03-01T00:00:00.000Z"]
    ),
    (
      "1h", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00Z",
      ["1969-12-31T23:00:00.000Z", "1970-01-01T00:00:00.000Z"]
    ),
    ("15m", "2024-01-15T14:44:59.999Z", "2024-01-15T14:30:00Z", ["2024-01-15T14:30:00.000Z"]),
  ])
  func startOnMondaysAndAtFullHoursInUTC(
    _ interval: String, _ one: String, _ another: String, starts: [String]
  ) throws {
    let moments = [try #require(Timestamp(rfc3339: one)), try #require(Timestamp(rfc3339: another))].sorted()
    var query = HistogramQuery()
    query.resolution = .interval(try #require(TimeSpan(interval)))
    let histogram = try EventHistogram(of: query, spanning: moments[0]...moments[1])
    #expect(histogram.buckets.map(\.since.description) == starts)
    // They leave no gap.
    #expect(histogram.buckets.dropFirst().map(\.since) == histogram.buckets.dropLast().map(\.until))
  }
}
