import EventLog
import EventLogFormats

/// A digest of the events of an input, in their order. It is the same whatever the format in which they are written.
struct ImportDigest {
  private(set) var count = 0
  private var digest = FNV1a()

  /// Adds the next event.
  ///
  /// - Parameter event: the event as it stands in the input.
  /// - Returns: the event's size as JSON, in bytes.
  @discardableResult
  mutating func add(_ event: ImportedEvent) -> Int {
    var text: [UInt8] = []
    text.appendJSON(
      Event(
        id: event.id ?? Self.anyID, timestamp: event.timestamp ?? Timestamp(milliseconds: 0),
        draft: event.draft))
    digest.add(text.span)
    digest.add(UInt64((event.id == nil ? 0 : 1) + (event.timestamp == nil ? 0 : 2)))
    count += 1
    return text.count
  }

  /// The digest, in letters and digits.
  var value: String { digest.text }

  private static let anyID = Event.examples[0].id
}
