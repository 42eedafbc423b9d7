import JSON

extension StoredEvent {
  /// Reads tags as a store holds them.
  ///
  /// - Parameter json: the tags as a JSON array of strings in UTF-8; empty when the event has none.
  /// - Returns: the tags.
  /// - Throws: `EventStoreError` with the reason `damaged` when the text is not such an array.
  public static func tags(_ json: UnsafeBufferPointer<UInt8>) throws(EventStoreError) -> [String] {
    if json.isEmpty { return [] }
    guard case .array(let elements) = try? JSONValue(parsing: json) else { throw damagedTags }
    let tags = elements.compactMap { if case .string(let tag) = $0 { tag } else { nil } }
    guard tags.count == elements.count else { throw damagedTags }
    return tags
  }

  private static let damagedTags = EventStoreError(
    .damaged, cause: "an event's tags are not a JSON array of strings")
}
