import EventLog
import Testing

@testable import EventLogWeb

/// The drawing of a histogram.
struct HistogramChartTests {
  private static func chart(_ events: [(Int64, EventType)], buckets: Int = 60) throws -> HistogramChart {
    let times = events.map { Timestamp(milliseconds: $0.0 * 1000) }
    let span = times.min().flatMap { first in times.max().map { first...$0 } }
    var histogram = try EventHistogram(spanning: span, .buckets(buckets))
    for (second, type) in events { histogram.add(of: type, at: Timestamp(milliseconds: second * 1000)) }
    return HistogramChart(histogram, of: .newestEvents)
  }

  @Test func isEmptyWithoutEvents() throws {
    let chart = try Self.chart([])
    #expect(chart.isEmpty && chart.bars.isEmpty && chart.ticks.isEmpty && chart.legend.isEmpty)
  }

  @Test func fillsItsWidthAndHeight() throws {
    let chart = try Self.chart((0..<60).map { ($0, .info) })
    #expect(chart.interval == "1s" && chart.bars.count == 60 && chart.maximum == 1)
    let last = try #require(chart.bars.last)
    #expect(abs(last.x + last.width - 100) < 0.01)
    #expect(chart.bars.allSatisfy { $0.segments[0].y == 0 && $0.segments[0].height == HistogramChart.height })
  }

  @Test func stacksTheTypesWithoutAGap() throws {
    let chart = try Self.chart([(0, .error), (0, .info), (0, .info), (5, .system)])
    let segments = try #require(chart.bars.first).segments
    #expect(segments.map(\.type) == ["error", "info"])
    #expect(abs(segments[0].y + segments[0].height - HistogramChart.height) < 0.01)
    #expect(abs(segments[1].y + segments[1].height - segments[0].y) < 0.01)
    #expect(chart.legend.map(\.total) == [1, 1, 2])
  }

  @Test func showsOneEventAmongMany() throws {
    let chart = try Self.chart((0..<1000).map { _ in (0, .info) } + [(30, .error)])
    #expect(try #require(chart.bars.last).segments[0].height == 1)
  }

  @Test func linksABarToItsInterval() throws {
    let chart = try Self.chart([(0, .info), (59, .error)])
    let last = try #require(chart.bars.last)
    #expect(last.query.contains("since=1970-01-01T00%3A00%3A59.000Z&until=1970-01-01T00%3A01%3A00.000Z"))
    #expect(last.title == "1970-01-01 00:00:59 to 1970-01-01 00:01 UTC: 1 event, 1 error")
  }

  @Test(arguments: [1, 2, 5, 6, 7, 13, 60, 61, 1000])
  func hasFewTicks(_ buckets: Int) throws {
    let chart = try Self.chart((0..<Int64(buckets)).map { ($0, .info) }, buckets: 1000)
    #expect((1...6).contains(chart.ticks.count))
    #expect(chart.ticks.allSatisfy { (0..<100).contains($0.x) })
  }
}
