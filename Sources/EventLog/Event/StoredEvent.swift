import Text

/// The members of an event as a store holds them: texts in UTF-8 that are valid only during the call that receives the
/// value.
///
/// It lets a store serve readers that need text without creating an `Event` first. Only `id` and `type` have been
/// checked.
public struct StoredEvent {
  public let id: EventID
  public let timestamp: Timestamp
  public let type: EventType
  public let source: UnsafeBufferPointer<UInt8>
  public let message: UnsafeBufferPointer<UInt8>
  /// The user's id; empty when the event has none.
  public let userID: UnsafeBufferPointer<UInt8>
  /// The request's id; empty when the event has none.
  public let requestID: UnsafeBufferPointer<UInt8>
  /// The tags as a JSON array of strings; empty when the event has none.
  public let tags: UnsafeBufferPointer<UInt8>
  /// The data as a JSON object; empty when the event has none.
  public let data: UnsafeBufferPointer<UInt8>
  /// When it happened; nil when the client did not say.
  public let occurredAt: Timestamp?
  /// The name of the key or the user that it was recorded with; empty when nobody was asked.
  public let recordedBy: UnsafeBufferPointer<UInt8>

  public init(
    id: EventID, timestamp: Timestamp, type: EventType, source: UnsafeBufferPointer<UInt8>,
    message: UnsafeBufferPointer<UInt8>, userID: UnsafeBufferPointer<UInt8>,
    requestID: UnsafeBufferPointer<UInt8>, tags: UnsafeBufferPointer<UInt8>, data: UnsafeBufferPointer<UInt8>,
    occurredAt: Timestamp?, recordedBy: UnsafeBufferPointer<UInt8>
  ) {
    self.id = id
    self.timestamp = timestamp
    self.type = type
    self.source = source
    self.message = message
    self.userID = userID
    self.requestID = requestID
    self.tags = tags
    self.data = data
    self.occurredAt = occurredAt
    self.recordedBy = recordedBy
  }
}

extension StoredEvent {
  /// Returns one of the event's times.
  public func moment(of time: EventTime) -> Timestamp {
    switch time {
    case .timestamp: timestamp
    case .occurredAt: occurredAt ?? timestamp
    }
  }

  /// Determines the event's place in the order of a query.
  ///
  /// - Parameter sort: what the query sorts by.
  /// - Returns: the position.
  /// - Throws: `EventStoreError` with the reason `damaged` when the source is not UTF-8.
  func position(by sort: EventQuery.Sort) throws(EventStoreError) -> EventPosition {
    switch sort {
    case .timestamp: EventPosition(key: nil, id: id)
    case .type: EventPosition(key: Text(type.rawValue), id: id)
    case .source: EventPosition(key: Text(try Self.text(source)), id: id)
    }
  }

  /// Reads a text.
  ///
  /// - Parameter bytes: the text in UTF-8, not yet validated.
  /// - Returns: the text as a string.
  /// - Throws: `EventStoreError` with the reason `damaged` when the bytes are not UTF-8.
  static func text(_ bytes: UnsafeBufferPointer<UInt8>) throws(EventStoreError) -> String {
    do {
      return String(copying: try UTF8Span(validating: bytes.span))
    } catch {
      throw EventStoreError(.damaged, cause: "a text is not UTF-8")
    }
  }
}
