public import Text

/// A question to the log: how many events of each type were recorded, or happened, in each interval of time.
public struct HistogramQuery: Hashable, Sendable {
  /// The width of the intervals.
  public enum Resolution: Hashable, Sendable {
    /// The intervals have the shortest round length that results in at most this many.
    case buckets(Int)
    /// Every interval has this length.
    case interval(TimeSpan)
  }

  /// The maximum number of intervals.
  public static let maximumBuckets = 1000
  /// The parameters in addition to those of the filter.
  private enum OwnParameter: String, CaseIterable {
    case buckets, interval, of
  }

  /// The names of all parameters of a histogram.
  public static let parameterNames = EventCondition.parameterNames + OwnParameter.allCases.map(\.rawValue)

  public var filter = EventCondition.everything
  public var resolution = Resolution.buckets(50)
  /// The time of an event by which it belongs to an interval.
  public var time = EventTime.timestamp
  /// The moment to which the intervals extend at least where the filter has no `until`: the question was for the time up
  /// to that moment, such as the last 24 hours. If it is nil, they extend to the last event that matches.
  public var end: Timestamp?
  /// Who asks; nil for the program itself. It does not change the answer.
  public var client: Client?

  public init() {}

  /// Reads a query from decoded names and values: those of `EventCondition`; either `buckets`, 1 to 1000, or
  /// `interval`, such as `30s`, `5m`, `1h` or `7d`; and `of`, which is `timestamp` or `occurred_at`.
  ///
  /// - Parameters:
  ///   - parameters: the names and values in the order they were given; a parameter with an empty value counts as absent.
  ///   - now: the moment before which spans of time lie.
  /// - Throws: `InvalidQuery` that names every unknown, repeated or invalid parameter.
  public init(parameters: [(name: Text, value: Text)], now: Timestamp = .now()) throws(InvalidQuery) {
    var query = HistogramQuery()
    var filter = query.filter
    var given: Set<OwnParameter> = []
    var reader = ParameterReader(now: now)
    reader.read(parameters, into: &filter) { (parameter: OwnParameter, value) throws(InvalidParameter) in
      func invalid(_ detail: String) -> InvalidParameter {
        InvalidParameter(name: Text(parameter.rawValue), detail: detail)
      }
      given.insert(parameter)
      switch parameter {
      case .buckets:
        guard let buckets = Int(parameter: value.string, in: 1...Self.maximumBuckets) else {
          throw invalid("must be a whole number from 1 to \(Self.maximumBuckets)")
        }
        query.resolution = .buckets(buckets)
      case .interval:
        guard let interval = TimeSpan(value.string) else {
          throw invalid("must be a whole number followed by s, m, h, d or w, such as 30s, 5m, 1h or 7d")
        }
        query.resolution = .interval(interval)
      case .of:
        guard let time = EventTime(named: value) else { throw invalid("must be timestamp or occurred_at") }
        query.time = time
      }
    }
    query.filter = filter
    query.end = Self.end(of: filter, by: query.time, parameters, now: now)
    if given.isSuperset(of: [.buckets, .interval]) {
      reader.note(InvalidParameter(name: "interval", detail: "cannot be combined with buckets"))
    }
    try reader.finish()
    self = query
  }

  /// Returns the moment to which the intervals of a question for the time since a span before now extend.
  ///
  /// - Parameters:
  ///   - filter: the filter that the parameters make up.
  ///   - time: the time of an event by which it belongs to an interval.
  ///   - parameters: the parameters.
  ///   - now: the moment before which spans of time lie.
  /// - Returns: nil when the filter has an end of its own, or starts at a fixed moment.
  public static func end(
    of filter: EventCondition, by time: EventTime, _ parameters: [(name: Text, value: Text)], now: Timestamp
  ) -> Timestamp? {
    let isRelative = parameters.contains { name, value in
      guard EventCondition.Parameter(named: name) == .since(by: time), case .ago = TimeBound(value) else {
        return false
      }
      return true
    }
    let isSearchRelative = filter.search?.hasSpan(since: time) == true
    return (isRelative || isSearchRelative) && filter.until(by: time) == nil ? now : nil
  }

  /// The parameters that produce this query, except for `end`.
  public var parameters: [(name: Text, value: Text)] {
    let own: (name: Text, value: Text) =
      switch resolution {
      case .buckets(let count): ("buckets", Text(String(count)))
      case .interval(let interval): ("interval", Text(interval.description))
      }
    return filter.parameters + [own, ("of", Text(time.rawValue))]
  }

  /// A short text that differs between queries.
  public var fingerprint: String {
    EventQuery.fingerprint(of: parameters + (end.map { [(Text("end"), Text($0.description))] } ?? []))
  }
}
