extension Event: EventPageItem {
  public init(_ event: Event, by sort: EventQuery.Sort) {
    self = event
  }

  public init(_ stored: StoredEvent, by sort: EventQuery.Sort) throws(EventStoreError) {
    let tags = try StoredEvent.tags(stored.tags)
    func optional(_ bytes: UnsafeBufferPointer<UInt8>) throws(EventStoreError) -> String? {
      bytes.isEmpty ? nil : try StoredEvent.text(bytes)
    }
    self.init(
      id: stored.id, timestamp: stored.timestamp,
      draft: EventDraft(
        storedType: stored.type, source: try StoredEvent.text(stored.source),
        message: try StoredEvent.text(stored.message), userID: try optional(stored.userID),
        requestID: try optional(stored.requestID), tags: tags,
        data: try optional(stored.data).map(EventData.init(stored:)), occurredAt: stored.occurredAt,
        recordedBy: try optional(stored.recordedBy)))
  }

  public func position(by sort: EventQuery.Sort) -> EventPosition {
    EventPosition(of: self, by: sort)
  }

  /// The size of all members in bytes.
  public var size: Int {
    func size(_ text: String?) -> Int { text?.utf8.count ?? 0 }
    return Self.fixedSize + size(draft.source) + size(draft.message) + size(draft.userID)
      + size(draft.requestID)
      + draft.tags.reduce(0) { $0 + Self.tagSize + size($1) } + size(draft.data?.json)
      + size(draft.recordedBy)
  }

  /// The size of the members that every event has, besides the texts.
  private static let fixedSize = 128
  /// The size of a string in an array, besides its text.
  private static let tagSize = 16
}
