import EventLog
import Text

/// The query parameters of the page: those of `/events`, and those that an HTML form needs in addition.
struct PageParameters {
  /// The parameters of `EventQuery`.
  private(set) var query: [(name: Text, value: Text)] = []
  /// The event that was just recorded.
  let created: EventID?
  /// The time by which the histogram counts.
  private(set) var histogramTime = EventTime.timestamp
  /// The seconds after which a browser without scripts loads the page again; nil for a page that stays as it is.
  private(set) var refreshInterval: Int?
  /// The value of the parameter that lists the columns; nil for the usual ones.
  private(set) var columns: Text?
  /// Whether `query` differs from what was sent. The browser is then redirected to it, so that the address can be
  /// bookmarked and also works in the API.
  private(set) var isRewritten = false

  /// - Parameter parameters: the parameters as they were sent.
  init(_ parameters: [(name: Text, value: Text)]) {
    created = parameters.first { $0.name == "created" }.flatMap { EventID($0.value) }
    var range: Text = ""
    var (period, without): (Text?, Text?)
    for (name, value) in parameters {
      switch name {
      case "created": break
      // Other sites add these to links in order to follow people.
      case "_", "fbclid", "gclid": break
      case _ where name.dropping(prefix: "utm_") != nil: break
      case "range": if !value.isEmpty { range = value }
      case "period": period = value
      case "without": without = value
      case "of": histogramTime = EventTime(named: value) ?? .timestamp
      case "refresh": takeRefreshInterval(value)
      case ListColumns.parameterName: if !value.isEmpty { columns = value }
      case _ where EventCondition.Parameter(named: name)?.isTimeBound == true: take(name, value)
      case "data": takeData(value)
      default: query.append((name, value))
      }
    }
    if let period {
      let bounds = period.split(separator: "/", maximumSplits: 1)
      replace(histogramTime, since: bounds[0], until: bounds.dropFirst().first)
    } else if !range.isEmpty {
      replace(.timestamp, since: range, until: nil)
    }
    if let without { remove(without) }
    if isRewritten { query.removeAll(where: \.value.isEmpty) }
  }

  /// Takes a bound of time. A `datetime-local` field sends no offset, and may send no seconds.
  private mutating func take(_ name: Text, _ value: Text) {
    let text = value.string
    let moment = Timestamp(rfc3339: text, assumesUTC: true) ?? Timestamp(rfc3339: text + ":00Z")
    if let moment, Timestamp(rfc3339: text) == nil {
      query.append((name, Text(moment.description)))
      isRewritten = true
    } else {
      query.append((name, value))
    }
  }

  private mutating func takeRefreshInterval(_ text: Text) {
    if text.isEmpty { return }
    if let interval = Int(text.string), Self.refreshIntervals.contains(interval) {
      refreshInterval = interval
    } else {
      query.append(("refresh", text))
    }
  }

  /// The intervals in seconds after which a page may be loaded again.
  private static let refreshIntervals = 2...3600

  /// Takes a path and a value. A form can have no fields whose names depend on what is in them.
  private mutating func takeData(_ text: Text) {
    isRewritten = true
    if text.isEmpty { return }
    query.append(EventCondition.Parameter.data(text) ?? ("data.", text))
  }

  private mutating func replace(_ time: EventTime, since: Text, until: Text?) {
    let (lower, upper) = (EventCondition.Parameter.since(by: time), EventCondition.Parameter.until(by: time))
    query.removeAll { name, _ in [Text(lower.rawValue), Text(upper.rawValue)].contains(name) }
    query.append((Text(lower.rawValue), since))
    if let until { query.append((Text(upper.rawValue), until)) }
    isRewritten = true
  }

  /// All parameters of the address that the browser is redirected to.
  var all: [(name: Text, value: Text)] {
    query + Self.own(countingBy: histogramTime, refreshingEvery: refreshInterval, columns: columns)
  }

  /// The parameters of the page that are not those of a query.
  ///
  /// - Parameters:
  ///   - time: the time by which the histogram counts.
  ///   - refreshInterval: the seconds after which the page is loaded again; nil if it is not.
  ///   - columns: the columns; nil for the usual ones.
  /// - Returns: none for the usual time and columns, and a page that is not loaded again.
  static func own(
    countingBy time: EventTime, refreshingEvery refreshInterval: Int?, columns: Text?
  ) -> [(name: Text, value: Text)] {
    var parameters: [(name: Text, value: Text)] = []
    if time != .timestamp { parameters.append(("of", Text(time.rawValue))) }
    if let refreshInterval { parameters.append(("refresh", Text("\(refreshInterval)"))) }
    if let columns { parameters.append((ListColumns.parameterName, columns)) }
    return parameters
  }

  /// Removes the parameters that have a name, or a name and a value with an equals sign in between. Of a search, the value is one
  /// of its clauses.
  private mutating func remove(_ text: Text) {
    let parts = text.split(separator: "=", maximumSplits: 1)
    isRewritten = true
    if parts[0] == "q", parts.count == 2 {
      query = query.map { name, value in
        guard name == "q", let search = try? SearchQuery(value, now: .now()) else { return (name, value) }
        return (name, search.removing(parts[1])?.text ?? "")
      }
    } else {
      query.removeAll { $0.name == parts[0] && (parts.count == 1 || $0.value == parts[1]) }
    }
  }
}
