/// The members of an event as a store has them at hand: texts in UTF-8, which are valid only during the call that is
/// given the value.
///
/// It spares a store the detour of an `Event` for readers that want text. Nothing in it has been checked but `id` and
/// `type`.
public struct StoredEvent {
  public let id: EventID
  public let timestamp: Timestamp
  public let type: EventType
  public let source: UnsafeBufferPointer<UInt8>
  public let message: UnsafeBufferPointer<UInt8>
  /// Empty when the event has no user.
  public let userID: UnsafeBufferPointer<UInt8>
  /// Empty when the event has no request.
  public let requestID: UnsafeBufferPointer<UInt8>
  /// A JSON array of strings; empty when the event has no tags.
  public let tags: UnsafeBufferPointer<UInt8>
  /// A JSON object; empty when the event has no data.
  public let data: UnsafeBufferPointer<UInt8>

  public init(
    id: EventID, timestamp: Timestamp, type: EventType, source: UnsafeBufferPointer<UInt8>,
    message: UnsafeBufferPointer<UInt8>, userID: UnsafeBufferPointer<UInt8>,
    requestID: UnsafeBufferPointer<UInt8>, tags: UnsafeBufferPointer<UInt8>, data: UnsafeBufferPointer<UInt8>
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
  }
}

extension StoredEvent {
  /// Where the event stands in the order of a query.
  ///
  /// - Parameter sort: what the query sorts by.
  /// - Throws: `EventStoreError` with the reason `damaged` when the source is not UTF-8.
  func position(by sort: EventQuery.Sort) throws(EventStoreError) -> EventPosition {
    switch sort {
    case .timestamp: EventPosition(key: nil, id: id)
    case .type: EventPosition(key: type.rawValue, id: id)
    case .source: EventPosition(key: try Self.text(source), id: id)
    }
  }

  /// - Throws: `EventStoreError` with the reason `damaged` when the bytes are not UTF-8.
  static func text(_ bytes: UnsafeBufferPointer<UInt8>) throws(EventStoreError) -> String {
    do {
      return String(copying: try UTF8Span(validating: bytes.span))
    } catch {
      throw EventStoreError(.damaged, cause: "a text is not UTF-8")
    }
  }
}
