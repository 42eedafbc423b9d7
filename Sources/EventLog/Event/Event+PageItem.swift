import JSON

extension Event: EventPageItem {
  public init(_ event: Event, by sort: EventQuery.Sort) {
    self = event
  }

  public init(_ stored: StoredEvent, by sort: EventQuery.Sort) throws(EventStoreError) {
    guard let tags = Self.tags(stored.tags) else {
      throw EventStoreError(.damaged, cause: "an event's tags are not a JSON array of strings")
    }
    func optional(_ bytes: UnsafeBufferPointer<UInt8>) throws(EventStoreError) -> String? {
      bytes.isEmpty ? nil : try StoredEvent.text(bytes)
    }
    self.init(
      id: stored.id, timestamp: stored.timestamp,
      draft: EventDraft(
        storedType: stored.type, source: try StoredEvent.text(stored.source),
        message: try StoredEvent.text(stored.message), userID: try optional(stored.userID),
        requestID: try optional(stored.requestID), tags: tags,
        data: try optional(stored.data).map(EventData.init(stored:))))
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
  }

  /// The size of the members that every event has, besides the texts.
  private static let fixedSize = 128
  /// The size of a string in an array, besides its text.
  private static let tagSize = 16

  /// Reads tags from a JSON text.
  ///
  /// - Parameter json: the text in UTF-8; empty when the event has no tags.
  /// - Returns: nil when the text is not a JSON array of strings.
  private static func tags(_ json: UnsafeBufferPointer<UInt8>) -> [String]? {
    if json.isEmpty { return [] }
    guard case .array(let elements) = try? JSONValue(parsing: json) else { return nil }
    let tags = elements.compactMap { if case .string(let tag) = $0 { tag } else { nil } }
    return tags.count == elements.count ? tags : nil
  }
}
