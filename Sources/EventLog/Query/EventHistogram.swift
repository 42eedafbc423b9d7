import Text

/// The number of events of each type in each interval of time.
public struct EventHistogram: Equatable, Sendable {
  /// The number of events of each type in one interval.
  public struct Bucket: Equatable, Sendable {
    /// The first moment of the interval.
    public let since: Timestamp
    /// The first moment after the interval.
    public let until: Timestamp
    public var counts: [EventType: Int] = [:]

    public var total: Int { counts.values.reduce(0, +) }
  }

  /// The length of the intervals; nil when there are none and no length was requested. The first and the last interval are
  /// shorter where the question's own bounds cut them.
  public let interval: TimeSpan?
  /// The intervals in ascending order, without gaps; empty when no event matches and the question has no bounds.
  public private(set) var buckets: [Bucket]
  /// The start of the first interval before it was cut, in milliseconds since 1970.
  private let start: Int64

  public var total: Int { buckets.reduce(0) { $0 + $1.total } }

  /// Creates intervals without any events in them. They start at multiples of the interval since a Monday, in UTC, and
  /// are cut at the bounds of time that the query has.
  ///
  /// - Parameters:
  ///   - query: the filter, whose bounds of time are the edges; and the number of intervals, or the length of each.
  ///   - moments: the moments of the first and the last event; nil when no event matches.
  /// - Throws: `InvalidQuery` when intervals of the requested length would be too many.
  public init(
    of query: HistogramQuery, spanning moments: ClosedRange<Timestamp>?
  ) throws(InvalidQuery) {
    let span = query.span(around: moments)
    guard let span else {
      if case .interval(let interval) = query.resolution { self.interval = interval } else { interval = nil }
      (buckets, start) = ([], 0)
      return
    }
    let interval: TimeSpan
    switch query.resolution {
    case .interval(let given):
      guard Self.count(given, spanning: span) <= HistogramQuery.maximumBuckets else {
        throw InvalidQuery(errors: [
          InvalidParameter(
            name: "interval",
            detail: "would divide the time into more than \(HistogramQuery.maximumBuckets) intervals")
        ])
      }
      interval = given
    case .buckets(let maximum): interval = Self.interval(for: maximum, spanning: span)
    }
    self.interval = interval
    let length = interval.milliseconds
    let first = Self.start(of: span.lowerBound, length)
    let earliest = query.filter.since(by: query.time)?.milliseconds ?? .min
    let latest =
      (query.filter.until(by: query.time) ?? query.end) == nil ? .max : span.upperBound.milliseconds + 1
    start = first
    buckets = (0..<Self.count(interval, spanning: span)).map { index in
      let since = first + Int64(index) * length
      return Bucket(
        since: Timestamp(milliseconds: max(since, earliest)),
        until: Timestamp(milliseconds: min(since + length, latest)))
    }
  }

  /// Counts events at one moment.
  ///
  /// - Parameters:
  ///   - count: the number of events.
  ///   - type: the events' type.
  ///   - moment: the events' time, which must lie within the intervals.
  public mutating func add(_ count: Int = 1, of type: EventType, at moment: Timestamp) {
    guard let interval, !buckets.isEmpty else { return }
    let index = (moment.milliseconds - start) / interval.milliseconds
    buckets[Int(index)].counts[type, default: 0] += count
  }

  /// Returns whether all moments of a span, in milliseconds since 1970, lie in the same interval.
  public func hasOneInterval(for span: ClosedRange<Int64>) -> Bool {
    guard !buckets.isEmpty, span.lowerBound >= buckets[0].since.milliseconds else { return false }
    return span.upperBound < end(ofIntervalAt: span.lowerBound)
  }

  /// Returns the end of the interval in which a moment lies before the interval was cut, both in milliseconds since 1970.
  public func end(ofIntervalAt moment: Int64) -> Int64 {
    guard let length = interval?.milliseconds else { return .max }
    return start + ((moment - start) / length + 1) * length
  }

  private static func interval(for maximum: Int, spanning moments: ClosedRange<Timestamp>) -> TimeSpan {
    var interval = TimeSpan.roundLengths[0]
    for length in TimeSpan.roundLengths {
      interval = length
      if count(interval, spanning: moments) <= maximum { return interval }
    }
    // Beyond one year, the interval grows by a year at a time. The loop ends, because one interval can hold all years.
    let year = interval.seconds
    while count(interval, spanning: moments) > maximum,
      let longer = TimeSpan(seconds: interval.seconds + year)
    {
      interval = longer
    }
    return interval
  }

  private static func count(_ interval: TimeSpan, spanning moments: ClosedRange<Timestamp>) -> Int {
    let length = interval.milliseconds
    return Int((start(of: moments.upperBound, length) - start(of: moments.lowerBound, length)) / length) + 1
  }

  /// Returns the start of the interval of this length that contains a moment, in milliseconds since 1970.
  private static func start(of moment: Timestamp, _ length: Int64) -> Int64 {
    let sinceOrigin = moment.milliseconds - origin
    return moment.milliseconds - sinceOrigin % length
  }

  /// The last Monday before the year 0000, in milliseconds since 1970. Weeks therefore start on Mondays, and no moment
  /// is earlier.
  private static let origin: Int64 = -719_533 * 86_400_000
}

extension HistogramQuery {
  /// Returns the first and the last moment of all intervals together.
  ///
  /// - Parameter moments: the moments of the first and the last event; nil when no event matches.
  /// - Returns: nil when nothing says where the intervals begin or end, or when no moment lies in between.
  fileprivate func span(around moments: ClosedRange<Timestamp>?) -> ClosedRange<Timestamp>? {
    func last(before moment: Timestamp) -> Timestamp { Timestamp(milliseconds: moment.milliseconds - 1) }
    let upper =
      filter.until(by: time).map(last) ?? [end.map(last), moments?.upperBound].compactMap(\.self).max()
    guard let lower = filter.since(by: time) ?? moments?.lowerBound, let upper, lower <= upper else {
      return nil
    }
    return lower...upper
  }
}
