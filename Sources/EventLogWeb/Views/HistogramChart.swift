import EventLog
import HTTPCore
import Text

/// A histogram as a drawing of stacked bars over time, and the same numbers as a table. The drawing is as wide as the
/// page allows, so horizontal lengths are in percent of its width or in intervals; vertical lengths are in pixels.
struct HistogramChart {
  /// An interval that has events. It is a link that covers the whole height.
  struct Bar {
    /// The query that lists the interval's events; nil if the filter is so long that its form is sent instead.
    let query: String?
    /// What the parameter `period` of the page says in order to list the interval's events.
    let period: String
    /// The interval and its numbers in words.
    let title: String
    /// The position of the left edge, in percent.
    let x: Double
    /// The width, in percent.
    let width: Double
    /// The start of the interval, for the table.
    let since: TimeView
    let counts: [Int]
    let total: Int
  }

  /// The bars of one type in all intervals, as a single shape: a browser lays out four shapes faster than hundreds.
  struct Layer {
    let type: String
    /// The path data (SVG 2 section 9.3). An interval is one unit wide.
    let path: String
  }

  /// The part of a bar that stands for one type.
  struct Segment: Equatable {
    let type: EventType
    let y: Double
    let height: Double
  }

  struct Tick {
    /// The position, in percent.
    let x: Double
    /// The moment in RFC 3339 format.
    let moment: String
    let label: String
  }

  struct LegendEntry {
    let type: String
    let label: String
    let total: String
  }

  /// A link to the same page with the other histogram.
  struct TimeSwitch {
    let label: String
    let query: String
  }

  /// The height of the tallest bar, in pixels.
  static let height = 120.0
  /// The gap on each side of a bar, as a part of its width.
  private static let gap = 0.05

  let height = Int(Self.height)
  /// The height of the bars and the labels together, in pixels.
  let totalHeight = Int(Self.height) + 24
  /// The position of the axis: half a pixel below the bars, where a one-pixel line is sharp.
  let axisY = Self.height + 0.5
  let tickEndY = Int(Self.height) + 6
  /// The position of the labels' baseline.
  let labelY = Int(Self.height) + 18
  let bars: [Bar]
  let layers: [Layer]
  /// The width of the drawing, in intervals. The first and the last may be cut.
  let intervalCount: Double
  let ticks: [Tick]
  let legend: [LegendEntry]
  let isEmpty: Bool
  /// The switch between the times of recording and those at which events happened; nil where no event says when.
  let timeSwitch: TimeSwitch?
  /// The number of events, the length of an interval, and the number of events in the tallest bar.
  let caption: String

  /// - Parameters:
  ///   - histogram: the histogram to draw.
  ///   - list: the query that selected its events.
  ///   - hasOccurrences: whether some of the events say when they happened.
  init(_ histogram: EventHistogram, of list: ListQuery, hasOccurrences: Bool = false) {
    let buckets = histogram.buckets
    let intervals = Self.intervals(of: histogram)
    let width = intervals.last?.end ?? 1
    intervalCount = Self.rounded(width)
    let maximum = buckets.map(\.total).max() ?? 0
    isEmpty = histogram.total == 0
    timeSwitch = TimeSwitch(list, hasOccurrences: hasOccurrences)
    caption = """
      \(list.histogramTime == .occurredAt ? "By the time at which they happened: " : "")\(histogram.total.grouped) matching \(histogram.total == 1 ? "event" : "events"); \
      each bar covers \(histogram.interval?.description ?? ""), the tallest has \(maximum.grouped)
      """
    let isLinked = !list.hasLongFilter
    bars = zip(intervals, buckets).filter { $1.total > 0 }.map { interval, bucket in
      Self.bar(
        bucket, x: interval.start / width * 100, width: (interval.end - interval.start) / width * 100,
        list,
        isLinked: isLinked)
    }
    layers = Self.layers(zip(intervals, buckets), maximum: maximum)
    ticks = Self.ticks(intervals.map { $0.start / width * 100 }, buckets, interval: histogram.interval)
    legend = EventType.allCases.compactMap { type in
      let total = buckets.reduce(0) { $0 + ($1.counts[type] ?? 0) }
      return total > 0 ? LegendEntry(type: type.rawValue, label: type.label, total: total.grouped) : nil
    }
  }

  /// Returns where each interval starts and ends in the drawing, in intervals.
  private static func intervals(of histogram: EventHistogram) -> [(start: Double, end: Double)] {
    guard let first = histogram.buckets.first?.since.milliseconds,
      let length = histogram.interval?.milliseconds
    else {
      return []
    }
    func position(_ moment: Timestamp) -> Double { Double(moment.milliseconds - first) / Double(length) }
    return histogram.buckets.map { (position($0.since), position($0.until)) }
  }

  private static func bar(
    _ bucket: EventHistogram.Bucket, x: Double, width: Double, _ list: ListQuery, isLinked: Bool
  ) -> Bar {
    let time = list.histogramTime
    var inBucket = list.query
    inBucket.cursor = nil
    inBucket.filter = inBucket.filter.within(since: bucket.since, until: bucket.until, by: time)
    let bounds = [inBucket.filter.since(by: time), inBucket.filter.until(by: time)].compactMap(\.self)
    let events = bucket.total == 1 ? "1 event" : "\(bucket.total) events"
    let parts = EventType.allCases.compactMap { type in
      bucket.counts[type].flatMap { $0 > 0 ? "\($0) \(type.label)" : nil }
    }
    return Bar(
      query: isLinked ? FormURLEncoded.encode(inBucket.parameters + list.pageParameters) : nil,
      period: bounds.map(\.description).joined(separator: "/"),
      title:
        "\(bucket.since.readable) to \(bucket.until.readable) UTC: \(events), \(parts.joined(separator: ", "))",
      x: rounded(x), width: rounded(width), since: TimeView(bucket.since),
      counts: EventType.allCases.map { bucket.counts[$0] ?? 0 },
      total: bucket.total)
  }

  private static func layers(
    _ intervals: some Sequence<((start: Double, end: Double), EventHistogram.Bucket)>, maximum: Int
  ) -> [Layer] {
    var paths: [EventType: String] = [:]
    for (interval, bucket) in intervals {
      let width = interval.end - interval.start
      let (x, barWidth) = (rounded(interval.start + gap * width), rounded(width * (1 - 2 * gap)))
      for segment in segments(of: bucket, maximum: maximum) {
        paths[segment.type, default: ""] +=
          "M\(x) \(segment.y)h\(barWidth)v\(segment.height)h-\(barWidth)z"
      }
    }
    return EventType.allCases.compactMap { type in
      paths[type].map { Layer(type: type.rawValue, path: $0) }
    }
  }

  /// Stacks the types of one interval on top of one another.
  ///
  /// - Parameters:
  ///   - bucket: the interval.
  ///   - maximum: the largest number of events in any interval, which fills the height.
  /// - Returns: the types that have events, from the bottom up.
  static func segments(of bucket: EventHistogram.Bucket, maximum: Int) -> [Segment] {
    var y = height
    return EventType.allCases.compactMap { type in
      guard let count = bucket.counts[type], count > 0 else { return nil }
      // Even one event among a million stays visible.
      let segmentHeight = max(Double(count) / Double(maximum) * height, 1)
      y -= segmentHeight
      return Segment(type: type, y: rounded(max(y, 0)), height: rounded(segmentHeight))
    }
  }

  /// Returns some boundaries between intervals, far enough apart that their labels do not touch.
  private static func ticks(
    _ positions: [Double], _ buckets: [EventHistogram.Bucket], interval: TimeSpan?
  ) -> [Tick] {
    guard let interval, !buckets.isEmpty else { return [] }
    let stride = max(1, (buckets.count + 5) / 6)
    // A label starts at its boundary and must end within the drawing.
    let end = max(1, buckets.count * 9 / 10)
    return Swift.stride(from: 0, to: end, by: stride).map { index in
      let text = buckets[index].since.description
      let label =
        interval.seconds >= 86_400
        ? String(text.prefix(10))
        : "\(text.dropFirst(5).prefix(5)) \(text.dropFirst(11).prefix(interval.seconds < 60 ? 8 : 5))"
      return Tick(x: rounded(positions[index]), moment: text, label: label)
    }
  }

  /// Rounds a length to a thousandth, which is less than a pixel.
  private static func rounded(_ length: Double) -> Double {
    (length * 1000).rounded() / 1000
  }
}

extension HistogramChart.TimeSwitch {
  /// - Returns: nil where there is nothing to switch.
  fileprivate init?(_ list: ListQuery, hasOccurrences: Bool) {
    guard hasOccurrences || list.histogramTime == .occurredAt else { return nil }
    switch list.histogramTime {
    case .timestamp:
      label = "Count by the time at which they happened"
      query = list.address(countingBy: .occurredAt)
    case .occurredAt:
      label = "Count by the time of recording"
      query = list.address(countingBy: .timestamp)
    }
  }
}
