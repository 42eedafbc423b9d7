/// A question to the log: which events, in what order, and which page of them.
public struct EventQuery: Hashable, Sendable {
  /// By id, which is the order of recording.
  public enum Order: String, CaseIterable, Sendable {
    /// Oldest first.
    case ascending = "asc"
    /// Newest first.
    case descending = "desc"
  }

  /// The largest page that one answer holds.
  public static let maximumLimit = 1000
  /// Events that are read at once where everything is asked for.
  public static let streamingPageSize = 256

  /// Events of any of these types; empty is no filter.
  public var types: Set<EventType> = []
  public var order: Order = .ascending
  /// Events a page, 1 to `maximumLimit`; nil asks for everything, which is read in pages of `streamingPageSize`.
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
  /// The event at the border; it is not itself on the page.
  public let position: EventID

  public init(_ direction: Direction, of position: EventID) {
    self.direction = direction
    self.position = position
  }
}
