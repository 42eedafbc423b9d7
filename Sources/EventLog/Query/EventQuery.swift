/// A question to the log: which events, in what order, and which page of them.
public struct EventQuery: Hashable, Sendable {
  /// What events are ordered by. Among equals, and by `timestamp`, it is the order of recording, which is the
  /// order of ids: a clock may have been set back, but the order of a log never changes.
  public enum Sort: String, CaseIterable, Sendable {
    case timestamp
    /// By the type's name.
    case type
    /// By code points.
    case source
  }

  public enum Order: String, CaseIterable, Sendable {
    /// Oldest first.
    case ascending = "asc"
    /// Newest first.
    case descending = "desc"
  }

  /// The largest page that one answer holds.
  public static let maximumLimit = 1000
  /// Events that are read at once where everything is asked for.
  public static let streamingPageSize = 500

  public var filter = EventCondition.everything
  public var sort: Sort = .timestamp
  /// `descending` is the exact reverse of `ascending`, among equals too.
  public var order: Order = .ascending
  /// The most events on a page, 1 to `maximumLimit`; nil asks for everything, which is read in pages of
  /// `streamingPageSize`.
  public var limit: Int?
  /// Which page; nil is the first.
  public var cursor: EventCursor?
  /// The newest event that is considered; nil is the newest there is.
  ///
  /// Set it to the last id at the start to read a log to its end while others append.
  public var lastID: EventID?

  public init() {}
}

/// A place between two pages of a query's answer.
public struct EventCursor: Hashable, Sendable {
  public enum Direction: String, Sendable {
    /// The page that follows `position` in the query's order.
    case next = "n"
    /// The page that comes before `position` in the query's order.
    case previous = "p"
  }

  public let direction: Direction
  /// Where the event at the border stands; it is not itself on the page.
  public let position: EventPosition

  public init(_ direction: Direction, of position: EventPosition) {
    self.direction = direction
    self.position = position
  }
}

/// The place of an event in the order of a query. Events never change, so neither does it.
public struct EventPosition: Hashable, Sendable {
  /// What events are sorted by, the name of the type or the source; nil by timestamp.
  public let key: String?
  public let id: EventID

  public init(key: String?, id: EventID) {
    self.key = key
    self.id = id
  }

  public init(of event: Event, by sort: EventQuery.Sort) {
    switch sort {
    case .timestamp: key = nil
    case .type: key = event.draft.type.rawValue
    case .source: key = event.draft.source
    }
    id = event.id
  }
}

extension EventPosition: Comparable {
  public static func < (left: EventPosition, right: EventPosition) -> Bool {
    let (leftKey, rightKey) = (left.key ?? "", right.key ?? "")
    // The order of UTF-8 is that of code points; `<` of strings would be that of canonical equivalence.
    if leftKey.utf8.elementsEqual(rightKey.utf8) { return left.id < right.id }
    return leftKey.utf8.lexicographicallyPrecedes(rightKey.utf8)
  }
}
