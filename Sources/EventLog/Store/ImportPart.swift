/// A part of an import, which is recorded in one transaction.
public struct ImportPart: Sendable {
  /// An event, and what it keeps of what the log gives to other events.
  public struct Item: Sendable {
    public let id: EventID?
    public let timestamp: Timestamp?
    public let draft: EventDraft

    public init(id: EventID?, timestamp: Timestamp?, draft: EventDraft) {
      self.id = id
      self.timestamp = timestamp
      self.draft = draft
    }
  }

  /// What has become of a part.
  public struct Outcome: Equatable, Sendable {
    /// The newest event's id.
    public let lastID: EventID?
    /// The number of events that have other ids than those they came with.
    public let renumbered: Int

    public init(lastID: EventID?, renumbered: Int) {
      self.lastID = lastID
      self.renumbered = renumbered
    }
  }

  /// The events in the order of their ids.
  public let items: [Item]
  /// How far the import had come before this part; nil when this is the first part.
  public let before: ImportProgress?
  /// How far the import has come with this part.
  public let after: ImportProgress

  public init(_ items: [Item], before: ImportProgress?, after: ImportProgress) {
    self.items = items
    self.before = before
    self.after = after
  }
}
