import EventLog

extension EventQuery {
  /// The events that the page lists by default: the newest 50.
  static let newestEvents: EventQuery = {
    var query = EventQuery()
    query.order = .descending
    query.limit = 50
    return query
  }()
}
