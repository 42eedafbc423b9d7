/// A recorded event. It never changes.
public struct Event: Hashable, Sendable {
  public let id: EventID
  /// The moment at which the log recorded the event.
  public let timestamp: Timestamp
  /// The members that the client gave.
  public let draft: EventDraft

  /// Returns one of the event's times.
  public func moment(of time: EventTime) -> Timestamp {
    switch time {
    case .timestamp: timestamp
    case .occurredAt: draft.occurredAt ?? timestamp
    }
  }

  public init(id: EventID, timestamp: Timestamp, draft: EventDraft) {
    self.id = id
    self.timestamp = timestamp
    self.draft = draft
  }
}
