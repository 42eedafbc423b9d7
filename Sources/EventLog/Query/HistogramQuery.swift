/// A question to the log: how many events of each type there were in each interval of time.
public struct HistogramQuery: Hashable, Sendable {
  /// The width of the intervals.
  public enum Resolution: Hashable, Sendable {
    /// The shortest round interval that needs at most so many.
    case buckets(Int)
    /// So long each.
    case interval(TimeSpan)
  }

  /// The largest number of intervals.
  public static let maximumBuckets = 1000
  public static let parameterNames = EventFilter.parameterNames + ["buckets", "interval"]

  public var filter = EventFilter()
  public var resolution = Resolution.buckets(50)

  public init() {}

  /// Reads a query from decoded names and values: those of `EventFilter`, and either `buckets`, 1 to 1000, or
  /// `interval`, such as `30s`, `5m`, `1h` or `7d`.
  ///
  /// - Parameter parameters: in the order they were given; an empty value is an absent one.
  /// - Throws: `InvalidQuery` that names every unknown, repeated or invalid parameter.
  public init(parameters: [(name: String, value: String)]) throws(InvalidQuery) {
    var query = HistogramQuery()
    var given: Set<String> = []
    var reader = ParameterReader()
    reader.read(parameters, known: Self.parameterNames) { name, value throws(InvalidParameter) in
      given.insert(name)
      switch name {
      case "buckets":
        guard let buckets = Int(parameter: value, in: 1...Self.maximumBuckets) else {
          throw InvalidParameter(
            name: name, detail: "must be a whole number from 1 to \(Self.maximumBuckets)")
        }
        query.resolution = .buckets(buckets)
      case "interval":
        guard let interval = TimeSpan(value) else {
          throw InvalidParameter(
            name: name, detail: "must be a whole number and s, m, h or d, such as 30s, 5m, 1h or 7d")
        }
        query.resolution = .interval(interval)
      default: try query.filter.read(name, value)
      }
    }
    if given.isSuperset(of: ["buckets", "interval"]) {
      reader.note(InvalidParameter(name: "interval", detail: "cannot be given together with buckets"))
    }
    try reader.finish()
    self = query
  }

  /// The parameters that make this query again.
  public var parameters: [(name: String, value: String)] {
    switch resolution {
    case .buckets(let count): filter.parameters + [("buckets", String(count))]
    case .interval(let interval): filter.parameters + [("interval", interval.description)]
    }
  }

  /// A short text that differs between queries.
  public var fingerprint: String {
    EventQuery.fingerprint(of: parameters)
  }
}
