import EventLog

extension EventQuery {
  /// What the page lists when nothing else is asked for.
  static let newestEvents: EventQuery = {
    var query = EventQuery()
    query.order = .descending
    query.limit = 50
    return query
  }()
}
