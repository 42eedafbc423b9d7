public import Text

extension EventDraft {
  /// The limits on the members of an event.
  public enum Limit {
    /// The maximum length of `source`, `user_id` and `request_id` in characters (Unicode scalar values).
    public static let nameLength = 200
    /// The maximum size of `message` in bytes of UTF-8.
    public static let messageSize = 65_536
    /// The maximum number of `tags`.
    public static let tagCount = 20
    /// The maximum length of a tag in characters (Unicode scalar values).
    public static let tagLength = 64
  }

  /// The source of the events that the log records about itself. Nobody else can record events of it.
  public static let ownSource = "eventlog"

  /// Returns what is wrong with one member. `data` and `occurred_at` are valid by their types.
  static func errors(_ member: EventMember, of fields: EventDraftFields) -> [InvalidMember] {
    func all(_ error: InvalidMember?) -> [InvalidMember] { error.map { [$0] } ?? [] }
    return switch member {
    case .id, .timestamp, .data, .occurredAt: []
    case .type: all(typeError(fields.type))
    case .source: all(sourceError(fields.source) ?? (fields.isExported ? nil : reservedSource(fields.source)))
    case .message: all(messageError(fields.message))
    case .userID: all(fields.userID.flatMap { nameError($0, at: "/user_id") })
    case .requestID: all(fields.requestID.flatMap { nameError($0, at: "/request_id") })
    case .tags: tagErrors(fields.tags)
    case .recordedBy: all(fields.recordedBy.flatMap { nameError($0, at: "/recorded_by") })
    }
  }

  /// Returns whether a text may be the name of a source, a user, a request or a key.
  public static func isName(_ text: Text) -> Bool { nameError(text.string, at: "") == nil }

  private static func typeError(_ type: Text?) -> InvalidMember? {
    if let type, EventType(named: type) != nil { return nil }
    return InvalidMember(
      pointer: "/type",
      detail: (type ?? "").isEmpty
        ? "is required: \(EventType.allowedNames)" : "must be \(EventType.allowedNames)")
  }

  private static func sourceError(_ source: String?) -> InvalidMember? {
    guard let source else { return InvalidMember(pointer: "/source", detail: "is required") }
    return nameError(source, at: "/source")
  }

  private static func reservedSource(_ source: String?) -> InvalidMember? {
    source == ownSource ? .reservedSource : nil
  }

  private static func messageError(_ message: String?) -> InvalidMember? {
    let pointer = "/message"
    guard let message else { return InvalidMember(pointer: pointer, detail: "is required") }
    if message.utf8.count > Limit.messageSize {
      return InvalidMember(
        pointer: pointer,
        detail: "must be at most \(Limit.messageSize) bytes in UTF-8, not \(message.utf8.count)")
    }
    if Text(message).isBlank { return InvalidMember(pointer: pointer, detail: "must not be blank") }
    if message.hasControlCharacter(besides: ["\t", "\n"]) {
      return InvalidMember(
        pointer: pointer, detail: "must not contain control characters other than tab and line feed")
    }
    return nil
  }

  private static func nameError(
    _ name: String, at pointer: String, maximumLength: Int = Limit.nameLength
  ) -> InvalidMember? {
    let length = name.unicodeScalars.count
    if length > maximumLength {
      return InvalidMember(
        pointer: pointer, detail: "must be at most \(maximumLength) characters, not \(length)")
    }
    if Text(name).isBlank { return InvalidMember(pointer: pointer, detail: "must not be blank") }
    if name.hasControlCharacter() {
      return InvalidMember(pointer: pointer, detail: "must not contain control characters")
    }
    return nil
  }

  private static func tagErrors(_ tags: [String]) -> [InvalidMember] {
    if tags.count > Limit.tagCount {
      return [
        InvalidMember(
          pointer: "/tags", detail: "must have at most \(Limit.tagCount) items, not \(tags.count)")
      ]
    }
    var seen: Set<Text> = []
    return tags.enumerated().compactMap { index, tag in
      guard seen.insert(Text(tag)).inserted else {
        return InvalidMember(pointer: "/tags/\(index)", detail: "is given twice")
      }
      return nameError(tag, at: "/tags/\(index)", maximumLength: Limit.tagLength)
    }
  }
}
