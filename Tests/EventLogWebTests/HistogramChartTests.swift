import EventLog
import Testing

@testable import EventLogWeb

/// Tests the drawing of a histogram.
struct HistogramChartTests {
  private static func histogram(_ events: [(Int64, EventType)], buckets: Int) throws -> EventHistogram {
    let times = events.map { Timestamp(milliseconds: $0.0 * 1000) }
    let span = times.min().flatMap { first in times.max().map { first...$0 } }
    var query = HistogramQuery()
    query.resolution = .buckets(buckets)
    var histogram = try EventHistogram(of: query, spanning: span)
    for (second, type) in events { histogram.add(of: type, at: Timestamp(milliseconds: second * 1000)) }
    return histogram
  }

  private static func chart(_ events: [(Int64, EventType)], buckets: Int = 60) throws -> HistogramChart {
    HistogramChart(try histogram(events, buckets: buckets), of: .newestEvents)
  }

  /// Returns the segments of the first and the last interval.
  private static func segments(
    _ events: [(Int64, EventType)]
  ) throws -> (first: [HistogramChart.Segment], last: [HistogramChart.Segment]) {
    let buckets = try histogram(events, buckets: 60).buckets
    let maximum = try #require(buckets.map(\.total).max())
    return (
      HistogramChart.segments(of: try #require(buckets.first), maximum: maximum),
      HistogramChart.segments(of: try #require(buckets.last), maximum: maximum)
    )
  }

  @Test func isEmptyWithoutEvents() throws {
    let chart = try Self.chart([])
    #expect(chart.isEmpty && chart.bars.isEmpty && chart.layers.isEmpty && chart.ticks.isEmpty)
    #expect(chart.legend.isEmpty)
  }

  @Test func fillsItsWidthAndHeight() throws {
    let chart = try Self.chart((0..<60).map { ($0, .info) })
    #expect(chart.bars.count == 60)
    #expect(chart.caption == "60 matching events; each bar covers 1s, the tallest has 1")
    let last = try #require(chart.bars.last)
    #expect(abs(last.x + last.width - 100) < 0.01)
    #expect(chart.intervalCount == 60)
    let layer = try #require(chart.layers.first)
    #expect(layer.path == (0..<60).map { "M\($0).05 0.0h0.9v120.0h-0.9z" }.joined())
  }

  @Test func drawsEachTypeAsOneShape() throws {
    let chart = try Self.chart([(0, .error), (0, .info), (1, .info), (1, .info)])
    #expect(chart.layers.map(\.type) == ["error", "info"])
    #expect(chart.layers[0].path == "M0.05 60.0h0.9v60.0h-0.9z")
    #expect(chart.layers[1].path == "M0.05 0.0h0.9v60.0h-0.9zM1.05 0.0h0.9v120.0h-0.9z")
  }

  @Test func stacksTheTypesWithoutAGap() throws {
    let events: [(Int64, EventType)] = [(0, .error), (0, .info), (0, .info), (5, .system)]
    let segments = try Self.segments(events).first
    #expect(segments.map(\.type) == [.error, .info])
    #expect(abs(segments[0].y + segments[0].height - HistogramChart.height) < 0.01)
    #expect(abs(segments[1].y + segments[1].height - segments[0].y) < 0.01)
    #expect(try Self.chart(events).legend.map(\.total) == ["1", "1", "2"])
  }

  @Test func showsOneEventAmongMany() throws {
    let segments = try Self.segments((0..<1000).map { _ in (0, .info) } + [(30, .error)]).last
    #expect(segments == [HistogramChart.Segment(type: .error, y: 119, height: 1)])
  }

  @Test func linksABarToItsInterval() throws {
    let chart = try Self.chart([(0, .info), (59, .error)])
    let last = try #require(chart.bars.last)
    #expect(
      try #require(last.query).contains(
        "since=1970-01-01T00%3A00%3A59.000Z&until=1970-01-01T00%3A01%3A00.000Z"))
    #expect(last.title == "1970-01-01 00:00:59 to 1970-01-01 00:01 UTC: 1 event, 1 error")
  }

  @Test func linksABarToTheStartOfItsIntervalFromEveryPage() throws {
    var query = EventQuery.newestEvents
    query.filter = .type(.error)
    let first = HistogramChart(try Self.histogram([(0, .error)], buckets: 60), of: ListQuery(query))
    query.cursor = EventCursor(.next, of: EventPosition(key: nil, id: try #require(EventID(7))))
    let second = HistogramChart(try Self.histogram([(0, .error)], buckets: 60), of: ListQuery(query))
    #expect(first.bars.count == 1 && first.bars[0].query?.contains("type=error") == true)
    #expect(second.bars.map(\.query) == first.bars.map(\.query))
  }

  @Test(arguments: [1, 2, 5, 6, 7, 13, 60, 61, 1000])
  func hasFewTicks(_ buckets: Int) throws {
    let chart = try Self.chart((0..<Int64(buckets)).map { ($0, .info) }, buckets: 1000)
    #expect((1...6).contains(chart.ticks.count))
    #expect(chart.ticks.allSatisfy { (0..<100).contains($0.x) })
  }
}
