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

/// A form in which a page has its events.
public protocol EventPageItem: Equatable, Sendable {
  /// Where the event stands in the order of the query that it was read by.
  func position(by sort: EventQuery.Sort) -> EventPosition
  /// About what it takes in memory, in bytes.
  var size: Int { get }
}

extension Event: EventPageItem {
  public func position(by sort: EventQuery.Sort) -> EventPosition {
    EventPosition(of: self, by: sort)
  }

  /// Of message and data, the two members that can make an event large.
  public var size: Int { draft.message.utf8.count + (draft.data?.json.utf8.count ?? 0) }
}

extension EventJSON: EventPageItem {
  public func position(by sort: EventQuery.Sort) -> EventPosition { position }

  public var size: Int { text.count }
}

/// How a store reads a page: from one place in one direction, one event more than the page holds.
extension EventQuery {
  /// Whether positions rise in the order of reading. A previous page is read backwards.
  public var readsAscending: Bool {
    (order == .ascending) != (cursor?.direction == .previous)
  }

  /// The most events on a page.
  public var pageSize: Int {
    limit ?? Self.streamingPageSize
  }

  /// Bytes of events after which a page may end before it is full: with the event that reaches them. A thousand events
  /// may be a hundred megabytes, and many may ask for them.
  public var pageBytes: Int {
    limit == nil ? 1 << 20 : 2 << 20
  }

  /// How many events to read: one more than the page holds, to learn whether there is another page.
  public var readLimit: Int {
    pageSize + 1
  }
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
