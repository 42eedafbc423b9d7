import EventLog
import JSON
import Text

extension ImportedEvent {
  /// Reads an ordinary event from its JSON text, without a tree of values. It is the event that the text's `JSONValue` would
  /// be. The result is nil when the text is not an event, or not an ordinary one, so that it has to be parsed.
  ///
  /// - Parameter text: the text of an object.
  init?(scanning text: UnsafeBufferPointer<UInt8>) {
    var scanner = JSONScanner(text)
    var members = ScannedMembers()
    guard scanner.take("{") else { return nil }
    repeat {
      guard members.readNext(&scanner) else { return nil }
    } while scanner.take(",")
    guard scanner.take("}"), scanner.isAtEnd, let draft = members.draft else { return nil }
    id = members.id
    timestamp = members.timestamp
    self.draft = draft
  }
}

/// The members of an event while its text is being scanned.
private struct ScannedMembers {
  var id: EventID?
  var timestamp: Timestamp?
  private var type: EventType?
  private var source: String?
  private var message: String?
  private var userID: String?
  private var requestID: String?
  private var tags: [String] = []
  private var data: EventData?
  private var occurredAt: Timestamp?
  private var recordedBy: String?
  /// The members that were read, as bits.
  private var seen: UInt16 = 0
  /// Whether all strings are printable ASCII within their limits, and no white space is at their ends. Then there is nothing
  /// to normalize or to refuse.
  private var arePlain = true

  /// The event; nil when a member is missing or not valid.
  var draft: EventDraft? {
    guard let type, let source, let message else { return nil }
    if arePlain {
      return EventDraft(
        storedType: type, source: source, message: message, userID: userID, requestID: requestID, tags: tags,
        data: data, occurredAt: occurredAt, recordedBy: recordedBy)
    }
    var fields = EventDraftFields()
    fields.type = Text(type.rawValue)
    fields.source = source
    fields.message = message
    fields.userID = userID
    fields.requestID = requestID
    fields.tags = tags
    fields.data = data
    fields.occurredAt = occurredAt
    fields.recordedBy = recordedBy
    fields.isExported = true
    return try? EventDraft(fields)
  }

  /// - Returns: whether an ordinary member was there.
  mutating func readNext(_ scanner: inout JSONScanner) -> Bool {
    guard let name = scanner.string(), let index = EventMember.index(ofName: name.bytes.span),
      seen & 1 << index == 0, scanner.take(":")
    else { return false }
    seen |= 1 << index
    switch EventMember.allCases[index] {
    case .id:
      guard let text = scanner.string()?.string else { return false }
      id = EventID(text)
      return id != nil
    case .timestamp:
      guard let text = scanner.string()?.string else { return false }
      timestamp = Timestamp(rfc3339: text, roundsUp: false, assumesUTC: true)
      return timestamp != nil
    case .type:
      type = scanner.string().flatMap { EventType(name: $0.bytes.span) }
      return type != nil
    case .source:
      source = string(&scanner, EventDraft.Limit.nameLength)
      return source != nil
    case .message:
      message = string(&scanner, EventDraft.Limit.messageSize)
      return message != nil
    case .userID:
      if scanner.takeNull() { return true }
      userID = string(&scanner, EventDraft.Limit.nameLength)
      return userID != nil
    case .requestID:
      if scanner.takeNull() { return true }
      requestID = string(&scanner, EventDraft.Limit.nameLength)
      return requestID != nil
    case .tags: return scanner.takeNull() || readTags(&scanner)
    case .data: return scanner.takeNull() || readData(&scanner)
    case .occurredAt:
      if scanner.takeNull() { return true }
      occurredAt = scanner.string()?.string.flatMap { Timestamp(rfc3339: $0, roundsUp: false) }
      return occurredAt != nil
    case .recordedBy:
      if scanner.takeNull() { return true }
      recordedBy = string(&scanner, EventDraft.Limit.nameLength)
      return recordedBy != nil
    }
  }

  private mutating func string(_ scanner: inout JSONScanner, _ limit: Int) -> String? {
    guard let text = scanner.string() else { return nil }
    let space = UInt8(ascii: " ")
    arePlain =
      arePlain && text.isPrintableASCII && !text.bytes.isEmpty && text.bytes.count <= limit
      && text.bytes.first != space && text.bytes.last != space
    return text.string
  }

  private mutating func readTags(_ scanner: inout JSONScanner) -> Bool {
    guard scanner.take("[") else { return false }
    if scanner.take("]") { return true }
    repeat {
      guard let tag = string(&scanner, EventDraft.Limit.tagLength), tags.count < EventDraft.Limit.tagCount,
        !arePlain || !tags.contains(tag)
      else { return false }
      tags.append(tag)
    } while scanner.take(",")
    return scanner.take("]")
  }

  private mutating func readData(_ scanner: inout JSONScanner) -> Bool {
    var compact: [UInt8] = []
    guard scanner.appendValue(to: &compact), compact.count <= EventData.maximumSize,
      compact.first == UInt8(ascii: "{"), let json = String(utf8: compact.span)
    else { return false }
    data = EventData(stored: json)
    return true
  }
}
