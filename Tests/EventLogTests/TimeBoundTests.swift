import EventLog
import Text
import Testing

/// Tests of the bounds of time that people write.
struct TimeBoundTests {
  /// 2024-03-01T12:00:00.500Z.
  private static let now = Timestamp(milliseconds: 1_709_294_400_500)

  @Test(arguments: [
    ("2024-01-15T15:30:00+01:00", "2024-01-15T14:30:00.000Z"), ("2024-02-29", "2024-02-29T00:00:00.000Z"),
    ("9999-12-31", "9999-12-31T00:00:00.000Z"), ("15m", "2024-03-01T11:45:00.500Z"),
    ("24h", "2024-02-29T12:00:00.500Z"), ("7d", "2024-02-23T12:00:00.500Z"),
    ("2w", "2024-02-16T12:00:00.500Z"),
    ("1s", "2024-03-01T11:59:59.500Z"), ("3660000d", "0000-01-01T00:00:00.000Z"),
  ])
  func standsForAMoment(_ text: Text, moment: String) {
    #expect(TimeBound(text)?.moment(at: Self.now).description == moment)
  }

  @Test(arguments: [
    "", "now", "2024", "2024-01", "2024-1-15", "2023-02-29", "2024-01-15Z", "20240115", "0h", "-1h", "+1h",
    "1", "h",
    "1.5h", "24H", "1h30m", "1 h", "24h ", "1y", "1h\u{301}", "٧d", "99999999999999999999d",
    "000000000000000000000001h", "2024-01-15T14:30Z",
  ])
  func isNothingElse(_ text: Text) {
    #expect(TimeBound(text) == nil)
  }

  @Test(arguments: ["since", "until"])
  func isWhatEveryParameterForTimeTakes(_ name: Text) throws {
    let spans = try EventQuery(parameters: [(name, "1h")], now: Self.now).filter
    #expect(spans.parameters.map(\.value) == ["2024-03-01T11:00:00.500Z"])
    let date = try HistogramQuery(parameters: [(name, "2024-02-29")]).filter
    #expect(date.parameters.map(\.value) == ["2024-02-29T00:00:00.000Z"])
    let error = #expect(throws: InvalidQuery.self) { try EventQuery(parameters: [(name, "yesterday")]) }
    #expect(error?.errors.first?.detail.contains("such as 15m, 24h, 7d or 2w") == true)
  }
}
