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

  /// The length of every interval; nil when no event matches and no length was requested.
  public let interval: TimeSpan?
  /// The intervals in ascending order, without gaps; empty when no event matches.
  public private(set) var buckets: [Bucket]

  public var total: Int { buckets.reduce(0) { $0 + $1.total } }

  /// Creates intervals without any events in them. They start at multiples of the interval since a Monday, in UTC.
  ///
  /// - Parameters:
  ///   - moments: the moments of the first and the last event; nil when no event matches.
  ///   - resolution: the maximum number of intervals, or the length of each.
  /// - Throws: `InvalidQuery` when intervals of the requested length would be too many.
  public init(
    spanning moments: ClosedRange<Timestamp>?, _ resolution: HistogramQuery.Resolution
  ) throws(InvalidQuery) {
    guard let moments else {
      if case .interval(let interval) = resolution { self.interval = interval } else { interval = nil }
      buckets = []
      return
    }
    let interval: TimeSpan
    switch resolution {
    case .interval(let given):
      guard Self.count(given, spanning: moments) <= HistogramQuery.maximumBuckets else {
        throw InvalidQuery(errors: [
          InvalidParameter(
            name: "interval",
            detail:
              "would divide the matching events into more than \(HistogramQuery.maximumBuckets) intervals")
        ])
      }
      interval = given
    case .buckets(let maximum): interval = Self.interval(for: maximum, spanning: moments)
    }
    self.interval = interval
    let length = interval.milliseconds
    let first = Self.start(of: moments.lowerBound, length)
    buckets = (0..<Self.count(interval, spanning: moments)).map { index in
      let since = first + Int64(index) * length
      return Bucket(
        since: Timestamp(milliseconds: since), until: Timestamp(milliseconds: since + length))
    }
  }

  /// Counts events at one moment.
  ///
  /// - Parameters:
  ///   - count: the number of events.
  ///   - type: the events' type.
  ///   - timestamp: the events' timestamp, which must lie within the intervals.
  public mutating func add(_ count: Int = 1, of type: EventType, at timestamp: Timestamp) {
    guard let first = buckets.first, let interval else { return }
    let index = (timestamp.milliseconds - first.since.milliseconds) / interval.milliseconds
    buckets[Int(index)].counts[type, default: 0] += count
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
