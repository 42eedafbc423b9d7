import EventLog
import EventLogFormats

/// A digest of the events of an input, in their order. It is the same whatever the format in which they are written.
struct ImportDigest {
  private(set) var count = 0
  private var digest = FNV1a()

  /// Adds the next event.
  ///
  /// - Parameter event: the event as it stands in the input.
  mutating func add(_ event: ImportedEvent) {
    let draft = event.draft
    digest.add(UInt64(bitPattern: event.id?.number ?? 0))
    digest.add(UInt64(bitPattern: event.timestamp?.milliseconds ?? .min))
    add(draft.type.rawValue)
    add(draft.source)
    add(draft.message)
    add(draft.userID ?? "")
    add(draft.requestID ?? "")
    digest.add(UInt64(draft.tags.count))
    for tag in draft.tags { add(tag) }
    add(draft.data?.json ?? "")
    // Events without these members have the digest that they had before there were such members.
    if let occurredAt = draft.occurredAt { digest.add(UInt64(bitPattern: occurredAt.milliseconds)) }
    if let recordedBy = draft.recordedBy { add(recordedBy) }
    count += 1
  }

  private mutating func add(_ text: String) {
    let bytes = text.utf8Span.span
    digest.add(UInt64(bytes.count))
    digest.add(bytes)
  }

  /// The digest, in letters and digits.
  var value: String { digest.text }
}
