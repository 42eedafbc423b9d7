import EventLog
import EventLogAPI
import HTTPCore
import Text

/// What the address of the list page asks for: a query, and how the address says it.
struct ListQuery: Sendable {
  /// The query. Its bounds of time are moments, and its limit is at most `maximumLimit`.
  let query: EventQuery
  /// The bounds of time that the address gives as spans before now, as they were written. They keep their meaning when
  /// the address is used again.
  let spans: [EventCondition.Parameter: Text]
  /// The moment up to which a list since a span before now extends; nil for any other list.
  let end: Timestamp?
  /// The time by which the histogram counts.
  let histogramTime: EventTime
  /// The seconds after which a browser loads the page again by itself; nil if it does not.
  let refreshInterval: Int?
  /// The columns of the table; nil for the usual ones.
  let columns: ListColumns?
  /// The parameters of the query as the address has them, without the page: spans of time in a search stay as they are.
  private let sent: [(name: Text, value: Text)]
  /// Whether the address asks for more rows than a page has.
  let isLimited: Bool

  /// The largest number of rows on a page.
  static let maximumLimit = 250

  /// The size in bytes beyond which an encoded filter is not repeated in links. The page then has buttons that send the
  /// form of the filter, in which the filter stands once.
  private static let longFilterSize = 300

  /// Reads the parameters of an address.
  ///
  /// - Parameters:
  ///   - page: the parameters.
  ///   - client: who asks; nil if the web server does not tell.
  ///   - now: the moment before which spans of time lie.
  /// - Throws: `InvalidQuery` that names every unknown, repeated or invalid parameter.
  init(_ page: PageParameters, by client: Client?, now: Timestamp) throws(InvalidQuery) {
    let parameters = page.query
    var query = try EventQuery(parameters: parameters, defaults: .newestEvents, now: now)
    try query.filter.requireAddressableSize()
    columns = try Self.columns(page)
    sent = parameters.filter { $0.name != "cursor" }
    isLimited = query.limit.map { $0 > Self.maximumLimit } ?? false
    if isLimited { query.limit = Self.maximumLimit }
    query.client = client
    self.query = query
    histogramTime = page.histogramTime
    refreshInterval = page.refreshInterval
    end = HistogramQuery.end(of: query.filter, by: histogramTime, parameters, now: now)
    var spans: [EventCondition.Parameter: Text] = [:]
    for (name, value) in parameters {
      if let parameter = EventCondition.Parameter(named: name), parameter.isTimeBound,
        case .ago = TimeBound(value)
      {
        spans[parameter] = value
      }
    }
    self.spans = spans
  }

  private static func columns(_ page: PageParameters) throws(InvalidQuery) -> ListColumns? {
    do throws(InvalidParameter) {
      return if let columns = page.columns { try ListColumns(parameter: columns) } else { nil }
    } catch {
      throw InvalidQuery(errors: [error])
    }
  }

  /// Makes a list of a query that no address has asked for.
  init(_ query: EventQuery) {
    (self.query, spans, end, histogramTime, refreshInterval, columns, sent, isLimited) =
      (query, [:], nil, .timestamp, nil, nil, [], false)
  }

  /// The newest events, which the page lists by default.
  static let newestEvents = ListQuery(.newestEvents)

  /// Whether the filter is so long that links do not repeat it.
  var hasLongFilter: Bool { FormURLEncoded.encode(query.filter.parameters).utf8.count > Self.longFilterSize }

  /// Returns the parameters of another query, in which a bound of time that both have in common is still a span.
  func parameters(of other: EventQuery) -> [(name: Text, value: Text)] {
    withSpans(other.parameters, other.filter.search)
  }

  private func withSpans(
    _ parameters: [(name: Text, value: Text)], _ search: SearchQuery?
  ) -> [(name: Text, value: Text)] {
    guard !spans.isEmpty || search?.isRelative == true else { return parameters }
    return parameters.map { name, value in
      switch EventCondition.Parameter(named: name) {
      case .search: (name, search?.text ?? value)
      case let parameter?: (name, spans[parameter] ?? value)
      case nil: (name, value)
      }
    }
  }

  /// What the page adds to the parameters of a query.
  var pageParameters: [(name: Text, value: Text)] {
    ownParameters(countingBy: histogramTime, refreshingEvery: refreshInterval)
  }

  private func ownParameters(
    countingBy time: EventTime, refreshingEvery interval: Int?
  ) -> [(name: Text, value: Text)] {
    PageParameters.own(countingBy: time, refreshingEvery: interval, columns: columns?.parameter)
  }

  /// Returns the query string of the same list with a histogram of one time or the other.
  func address(countingBy time: EventTime) -> String {
    FormURLEncoded.encode(
      parameters(of: query) + ownParameters(countingBy: time, refreshingEvery: refreshInterval))
  }

  /// Returns the query string of the same list that is loaded again after some seconds, or not if they are nil.
  func address(refreshingEvery interval: Int?) -> String {
    FormURLEncoded.encode(
      parameters(of: query) + ownParameters(countingBy: histogramTime, refreshingEvery: interval))
  }

  /// Whether the list begins with the newest event, so that events which are recorded appear at its top.
  var isNewestFirst: Bool {
    query.sort == .timestamp && query.order == .descending && query.cursor == nil
      && query.filter.until() == nil
  }

  /// The query string of the stream of what is recorded and meets the conditions; nil if it would not appear at the top,
  /// or the filter is too long to be repeated.
  var stream: String? {
    guard isNewestFirst, !hasLongFilter else { return nil }
    return FormURLEncoded.encode(withSpans(query.filter.parameters, query.filter.search))
  }

  /// The query string of the first page of the same list at any other time: spans stay as they were typed.
  var lastingAddress: String { FormURLEncoded.encode(sent + pageParameters) }

  /// Returns the query string of a link to the first page of the same list after a change.
  ///
  /// - Parameter change: changes the query, but not its bounds of time.
  /// - Returns: the query string without its question mark.
  func address(_ change: (inout EventQuery) -> Void) -> String {
    var other = query
    other.cursor = nil
    change(&other)
    return FormURLEncoded.encode(parameters(of: other) + pageParameters)
  }

  /// The values of the form that filters. A form has fields for moments, and offers spans that end now.
  var formValues: [(name: Text, value: Text)] {
    (query.parameters + pageParameters).map { name, value in
      switch EventCondition.Parameter(named: name) {
      case .search: (name, query.filter.search?.text ?? value)
      case .since:
        if let span = spans[.since], query.filter.until() == nil { ("range", span) } else { (name, value) }
      default: (name, value)
      }
    }
  }
}
