public import Text

/// A question to the log: the events to read, their order, and the page of them.
public struct EventQuery: Hashable, Sendable {
  /// What events are sorted by. Events that compare equal, and all events under `timestamp`, are in the order of
  /// recording, which is the order of ids: a clock may have been set back, but the order of a log never changes.
  public enum Sort: String, CaseIterable, Sendable {
    case timestamp
    /// Events are sorted by the name of their type.
    case type
    /// Events are sorted by the code points of their source.
    case source
  }

  public enum Order: String, CaseIterable, Sendable {
    /// The oldest event comes first.
    case ascending = "asc"
    /// The newest event comes first.
    case descending = "desc"
  }

  /// The largest value of `limit`.
  public static let maximumLimit = 1000
  /// The number of events that are read at once when all events are requested.
  public static let streamingPageSize = 500

  public var filter = EventCondition.everything
  public var sort: Sort = .timestamp
  /// The order of the events. `descending` is the exact reverse of `ascending`, even among events that compare equal.
  public var order: Order = .ascending
  /// The maximum number of events on a page, 1 to `maximumLimit`; nil requests all events, which are read in pages of
  /// `streamingPageSize`.
  public var limit: Int?
  /// The cursor that determines the page; nil stands for the first page.
  public var cursor: EventCursor?
  /// The id of the newest event that is considered; nil stands for the newest event in the log.
  ///
  /// To read a log to its end while others append, set it to the last id at the start.
  public var lastID: EventID?
  /// The id of the newest event that is not considered; nil considers all from the first on.
  public var after: EventID?
  /// Who asks; nil for the program itself. It does not change the answer.
  public var client: Client?

  public init() {}
}

/// A place between two pages of the events that match a query.
public struct EventCursor: Hashable, Sendable {
  public enum Direction: String, CaseIterable, Sendable {
    /// The page that follows `position` in the query's order.
    case next = "n"
    /// The page that comes before `position` in the query's order.
    case previous = "p"
  }

  public let direction: Direction
  /// The position of the event at the border; that event itself is not on the page.
  public let position: EventPosition

  public init(_ direction: Direction, of position: EventPosition) {
    self.direction = direction
    self.position = position
  }
}

/// The place of an event in the order of a query. Events never change, so neither do their positions.
public struct EventPosition: Hashable, Sendable {
  /// The value that the event is sorted by, its source or the name of its type; nil when sorted by timestamp.
  public let key: Text?
  public let id: EventID

  public init(key: Text?, id: EventID) {
    self.key = key
    self.id = id
  }

  public init(of event: Event, by sort: EventQuery.Sort) {
    switch sort {
    case .timestamp: key = nil
    case .type: key = Text(event.draft.type.rawValue)
    case .source: key = Text(event.draft.source)
    }
    id = event.id
  }
}

extension EventPosition: Comparable {
  public static func < (left: EventPosition, right: EventPosition) -> Bool {
    let (leftKey, rightKey) = (left.key ?? "", right.key ?? "")
    return leftKey == rightKey ? left.id < right.id : leftKey < rightKey
  }
}
