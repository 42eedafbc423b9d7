import EventLog
import HTTPCore

/// A histogram as a drawing: stacked bars over time, and the same numbers as a table. Horizontal lengths are in percent
/// of the drawing, which is as wide as the page lets it be; vertical ones in pixels.
struct HistogramChart {
  struct Bar {
    /// The list of the events of its interval, as a query.
    let query: String
    /// What it stands for, in words.
    let title: String
    let x: Double
    let width: Double
    let segments: [Segment]
    /// For the table.
    let since: String
    let readableSince: String
    let counts: [Int]
    let total: Int
  }

  /// The events of one type.
  struct Segment {
    let type: String
    let x: Double
    let y: Double
    let width: Double
    let height: Double
  }

  struct Tick {
    let x: Double
    let label: String
  }

  struct LegendEntry {
    let type: String
    let label: String
    let total: Int
  }

  static let width = 100.0
  static let height = 120.0

  /// Those with events.
  let bars: [Bar]
  let ticks: [Tick]
  let legend: [LegendEntry]
  let total: Int
  let isEmpty: Bool
  /// How long each interval is: `1h`.
  let interval: String
  /// The most events in one interval.
  let maximum: Int

  /// - Parameters:
  ///   - histogram: what to draw.
  ///   - query: whose events they are.
  init(_ histogram: EventHistogram, of query: EventQuery) {
    let buckets = histogram.buckets
    let step = Self.width / Double(max(buckets.count, 1))
    let maximum = buckets.map(\.total).max() ?? 0
    self.maximum = maximum
    total = histogram.total
    isEmpty = histogram.total == 0
    interval = histogram.interval?.description ?? ""
    bars = buckets.enumerated().filter { $0.element.total > 0 }.map { index, bucket in
      Self.bar(bucket, x: Double(index) * step, width: step, maximum: maximum, query)
    }
    ticks = Self.ticks(buckets, step: step, interval: histogram.interval)
    legend = EventType.allCases.compactMap { type in
      let total = buckets.reduce(0) { $0 + ($1.counts[type] ?? 0) }
      return total > 0 ? LegendEntry(type: type.rawValue, label: type.label, total: total) : nil
    }
  }

  private static func bar(
    _ bucket: EventHistogram.Bucket, x: Double, width: Double, maximum: Int, _ query: EventQuery
  ) -> Bar {
    var inBucket = query
    inBucket.cursor = nil
    inBucket.filter.since = max(bucket.since, query.filter.since ?? bucket.since)
    inBucket.filter.until = min(bucket.until, query.filter.until ?? bucket.until)
    let gap = width * 0.1
    var y = height
    var segments: [Segment] = []
    var parts: [String] = []
    for type in EventType.allCases {
      guard let count = bucket.counts[type], count > 0 else { continue }
      // One event among a million is still to be seen.
      let segmentHeight = max(Double(count) / Double(maximum) * height, 1)
      y -= segmentHeight
      segments.append(
        Segment(
          type: type.rawValue, x: rounded(x + gap / 2), y: rounded(max(y, 0)), width: rounded(width - gap),
          height: rounded(segmentHeight)))
      parts.append("\(count) \(type.label)")
    }
    let events = bucket.total == 1 ? "1 event" : "\(bucket.total) events"
    return Bar(
      query: FormURLEncoded.encode(inBucket.parameters),
      title:
        "\(bucket.since.readable) to \(bucket.until.readable) UTC: \(events), \(parts.joined(separator: ", "))",
      x: rounded(x), width: rounded(width), segments: segments, since: bucket.since.description,
      readableSince: bucket.since.readable, counts: EventType.allCases.map { bucket.counts[$0] ?? 0 },
      total: bucket.total)
  }

  /// Some borders between intervals, so far apart that their labels do not touch.
  private static func ticks(
    _ buckets: [EventHistogram.Bucket], step: Double, interval: TimeInterval?
  ) -> [Tick] {
    guard let interval, !buckets.isEmpty else { return [] }
    let stride = max(1, (buckets.count + 5) / 6)
    return Swift.stride(from: 0, to: buckets.count, by: stride).map { index in
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
