import EventLog
import Testing

/// Tests where the intervals of a histogram start.
struct EventHistogramTests {
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
    let histogram = try EventHistogram(
      spanning: moments[0]...moments[1], .interval(try #require(TimeSpan(interval))))
    #expect(histogram.buckets.map(\.since.description) == starts)
    // They leave no gap.
    #expect(histogram.buckets.dropFirst().map(\.since) == histogram.buckets.dropLast().map(\.until))
  }
}
