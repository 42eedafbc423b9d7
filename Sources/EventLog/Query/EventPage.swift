/// Some of the events that match a query, and the way to the others.
public struct EventPage<Item: EventPageItem>: Equatable, Sendable {
  /// In the query's order.
  public let events: [Item]
  /// The query of the page after this one; nil when there was none at the time of reading.
  public let next: EventQuery?
  /// The query of the page before this one; nil when there was none at the time of reading.
  public let previous: EventQuery?
  /// The newest event of the log at the time of reading, whether it matches or not; nil when the log was empty.
  public let lastID: EventID?
}

extension EventPage {
  /// Makes the page of what a store has read.
  ///
  /// - Parameters:
  ///   - found: at most `query.readLimit` matching events, in the order of reading, from beyond the cursor.
  ///   - query: the query that was read.
  ///   - lastID: the newest event of the log.
  ///   - isCut: whether the store left out some that follow because these are large; all that it found are then on the
  ///     page.
  public init(found: [Item], of query: EventQuery, lastID: EventID?, isCut: Bool = false) {
    let isBackward = query.cursor?.direction == .previous
    let hasMore = isCut || found.count > query.pageSize
    let page = found.prefix(query.pageSize)
    events = isBackward ? page.reversed() : Array(page)
    self.lastID = lastID

    func neighbour(_ direction: EventCursor.Direction, of event: Item?) -> EventQuery? {
      event.map {
        var neighbour = query
        neighbour.cursor = EventCursor(direction, of: $0.position(by: query.sort))
        return neighbour
      }
    }
    // Beyond the side that a cursor points away from stands the event that it was made from.
    next = isBackward || hasMore ? neighbour(.next, of: events.last) : nil
    previous = (isBackward ? hasMore : query.cursor != nil) ? neighbour(.previous, of: events.first) : nil
  }
}
