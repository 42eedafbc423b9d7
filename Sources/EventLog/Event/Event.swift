/// A recorded event. It never changes.
public struct Event: Hashable, Sendable {
  public let id: EventID
  /// When the log recorded it.
  public let timestamp: Timestamp
  /// What the client said.
  public let draft: EventDraft

  public init(id: EventID, timestamp: Timestamp, draft: EventDraft) {
    self.id = id
    self.timestamp = timestamp
    self.draft = draft
  }
}
