import EventLog
import HTTPCore

/// A histogram as a drawing: stacked bars over time, and the same numbers as a table. The drawing is as wide as the page
/// lets it be, so that horizontal lengths are in percent of it, or in intervals; vertical ones are in pixels.
struct HistogramChart {
  /// An interval with events: a link over the whole height.
  struct Bar {
    /// The list of the events of its interval, as a query.
    let query: String
    /// What it stands for, in words.
    let title: String
    /// In percent.
    let x: Double
    let width: Double
    /// For the table.
    let since: String
    let readableSince: String
    let counts: [Int]
    let total: Int
  }

  /// What all intervals have of one type, as one shape: a browser lays out four of them sooner than hundreds of bars.
  struct Layer {
    let type: String
    /// Path data (SVG 2 section 9.3). An interval is one wide.
    let path: String
  }

  /// What one interval has of one type.
  struct Segment: Equatable {
    let type: EventType
    let y: Double
    let height: Double
  }

  struct Tick {
    /// In percent.
    let x: Double
    let label: String
  }

  struct LegendEntry {
    let type: String
    let label: String
    let total: Int
  }

  /// The height of the tallest bar, in pixels.
  static let height = 120.0
  /// Where a bar begins in its interval and how wide it is, in intervals: there is a gap between two bars.
  private static let (barStart, barWidth) = (".05", ".9")

  let height = Int(Self.height)
  /// Half a pixel below the bars, where a line of one pixel is sharp.
  let axisY = Self.height + 0.5
  let tickEndY = Int(Self.height) + 6
  /// The baseline of the labels.
  let labelY = Int(Self.height) + 18
  let bars: [Bar]
  let layers: [Layer]
  /// How many intervals the drawing is wide.
  let intervalCount: Int
  let ticks: [Tick]
  let legend: [LegendEntry]
  let isEmpty: Bool
  /// How many events there are, how long an interval is, and the most events in one.
  let caption: String

  /// - Parameters:
  ///   - histogram: what to draw.
  ///   - query: whose events they are.
  init(_ histogram: EventHistogram, of query: EventQuery) {
    let buckets = histogram.buckets
    let step = 100 / Double(max(buckets.count, 1))
    intervalCount = buckets.count
    let maximum = buckets.map(\.total).max() ?? 0
    isEmpty = histogram.total == 0
    caption = """
      \(histogram.total.grouped) matching \(histogram.total == 1 ? "event" : "events"); \
      each bar is \(histogram.interval?.description ?? ""), the tallest has \(maximum.grouped)
      """
    bars = buckets.enumerated().filter { $0.element.total > 0 }.map { index, bucket in
      Self.bar(bucket, x: Double(index) * step, width: step, query)
    }
    layers = Self.layers(buckets, maximum: maximum)
    ticks = Self.ticks(buckets, step: step, interval: histogram.interval)
    legend = EventType.allCases.compactMap { type in
      let total = buckets.reduce(0) { $0 + ($1.counts[type] ?? 0) }
      return total > 0 ? LegendEntry(type: type.rawValue, label: type.label, total: total) : nil
    }
  }

  private static func bar(
    _ bucket: EventHistogram.Bucket, x: Double, width: Double, _ query: EventQuery
  ) -> Bar {
    var inBucket = query
    inBucket.cursor = nil
    inBucket.filter = query.filter.within(since: bucket.since, until: bucket.until)
    let events = bucket.total == 1 ? "1 event" : "\(bucket.total) events"
    let parts = EventType.allCases.compactMap { type in
      bucket.counts[type].flatMap { $0 > 0 ? "\($0) \(type.label)" : nil }
    }
    return Bar(
      query: FormURLEncoded.encode(inBucket.parameters),
      title:
        "\(bucket.since.readable) to \(bucket.until.readable) UTC: \(events), \(parts.joined(separator: ", "))",
      x: rounded(x), width: rounded(width), since: bucket.since.description,
      readableSince: bucket.since.readable, counts: EventType.allCases.map { bucket.counts[$0] ?? 0 },
      total: bucket.total)
  }

  private static func layers(_ buckets: [EventHistogram.Bucket], maximum: Int) -> [Layer] {
    var paths: [EventType: String] = [:]
    for (index, bucket) in buckets.enumerated() {
      for segment in segments(of: bucket, maximum: maximum) {
        paths[segment.type, default: ""] +=
          "M\(index)\(barStart) \(segment.y)h\(barWidth)v\(segment.height)h-\(barWidth)z"
      }
    }
    return EventType.allCases.compactMap { type in
      paths[type].map { Layer(type: type.rawValue, path: $0) }
    }
  }

  /// The types of one interval, on top of one another.
  ///
  /// - Parameters:
  ///   - bucket: the interval.
  ///   - maximum: the most events in an interval, which fill the height.
  /// - Returns: those with events, from below.
  static func segments(of bucket: EventHistogram.Bucket, maximum: Int) -> [Segment] {
    var y = height
    return EventType.allCases.compactMap { type in
      guard let count = bucket.counts[type], count > 0 else { return nil }
      // One event among a million is still to be seen.
      let segmentHeight = max(Double(count) / Double(maximum) * height, 1)
      y -= segmentHeight
      return Segment(type: type, y: rounded(max(y, 0)), height: rounded(segmentHeight))
    }
  }

  /// Some borders between intervals, so far apart that their labels do not touch.
  private static func ticks(
    _ buckets: [EventHistogram.Bucket], step: Double, interval: TimeSpan?
  ) -> [Tick] {
    guard let interval, !buckets.isEmpty else { return [] }
    let stride = max(1, (buckets.count + 5) / 6)
    // A label stands right of its border and has to end within the drawing.
    let end = max(1, buckets.count * 9 / 10)
    return Swift.stride(from: 0, to: end, by: stride).map { index in
      let text = buckets[index].since.description
      let label =
        interval.seconds >= 86_400
        ? String(text.prefix(10))
        : "\(text.dropFirst(5).prefix(5)) \(text.dropFirst(11).prefix(interval.seconds < 60 ? 8 : 5))"
      return Tick(x: rounded(Double(index) * step), label: label)
    }
  }

  /// To a thousandth, which is less than a pixel.
  private static func rounded(_ length: Double) -> Double {
    (length * 1000).rounded() / 1000
  }
}
