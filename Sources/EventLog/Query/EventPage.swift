/// Some of the events that match a query, and the queries that lead to the others.
public struct EventPage<Item: EventPageItem>: Equatable, Sendable {
  /// The events in the query's order.
  public let events: [Item]
  /// The query for the next page; nil when there was none at the time of reading.
  public let next: EventQuery?
  /// The query for the previous page; nil when there was none at the time of reading.
  public let previous: EventQuery?
  /// The state of the log at the time of reading.
  public let state: LogState
}

extension EventPage {
  /// Creates a page from the events that a store has read.
  ///
  /// - Parameters:
  ///   - found: at most `query.readLimit` matching events from beyond the cursor, in the order of reading.
  ///   - query: the query that was read.
  ///   - state: the state of the log at the time of reading.
  ///   - isCut: whether the store left out events that follow, because those it found are large; all events that it
  ///     found are then on the page.
  public init(found: [Item], of query: EventQuery, state: LogState, isCut: Bool = false) {
    let isBackward = query.cursor?.direction == .previous
    let hasMore = isCut || found.count > query.pageSize
    let page = found.prefix(query.pageSize)
    events = isBackward ? page.reversed() : Array(page)
    self.state = state

    func neighbour(_ direction: EventCursor.Direction, of event: Item?) -> EventQuery? {
      event.map {
        var neighbour = query
        neighbour.cursor = EventCursor(direction, of: $0.position(by: query.sort))
        return neighbour
      }
    }
    // On the side that a cursor points away from, at least the event that it was made from follows.
    next = isBackward || hasMore ? neighbour(.next, of: events.last) : nil
    previous = (isBackward ? hasMore : query.cursor != nil) ? neighbour(.previous, of: events.first) : nil
  }
}

extension EventPage {
  /// Returns the page as it is when it ends earlier; its links lead to the events that it leaves out.
  ///
  /// - Parameters:
  ///   - query: the query that was read.
  ///   - fits: decides whether the page also holds the next event, in the order of reading, which is the reverse of the
  ///     list's for a previous page. It is called until it returns false; the first event must fit.
  /// - Returns: the page, which is unchanged if every event fits.
  public func ending(of query: EventQuery, where fits: (Item) -> Bool) -> EventPage {
    let found = query.cursor?.direction == .previous ? events.reversed() : events
    let kept = Array(found.prefix(while: fits))
    return kept.count == found.count ? self : EventPage(found: kept, of: query, state: state, isCut: true)
  }
}
