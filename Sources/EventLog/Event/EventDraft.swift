import Text

/// An event before it is recorded: the members that the client gave, without an id and a timestamp.
///
/// A draft is valid by construction, within the limits that `EventDraft.Limit` names.
public struct EventDraft: Hashable, Sendable {
  public let type: EventType
  /// Who or what the event comes from: 1 to 200 characters, not blank, without control characters.
  public let source: String
  /// The text of the event: 1 to 65,536 bytes of UTF-8, not blank, without control characters other than tab and line
  /// feed.
  public let message: String
  /// The user's id, under the same rules as `source`: 1 to 200 characters. It is nil when none was given.
  public let userID: String?
  /// The request's id, under the same rules as `source`: 1 to 200 characters. It is nil when none was given.
  public let requestID: String?
  /// The tags: at most 20 distinct strings of 1 to 64 characters.
  public let tags: [String]
  public let data: EventData?
  /// When it happened, where that is not when it is recorded; nil when the client does not say.
  public let occurredAt: Timestamp?
  /// The name of the key, or of the user, that it is recorded with; nil where nobody was asked. The log sets it.
  public let recordedBy: String?

  /// Creates a draft from the members that somebody gave.
  ///
  /// CR LF and CR in the message become LF, white space at the ends of names and tags is cut, and an empty `user_id` or
  /// `request_id` counts as absent.
  ///
  /// - Parameter fields: the members as they were read from a request, a form or a file.
  /// - Throws: `InvalidEvent` that lists what could not be read and what is not valid. Each member except `tags`
  ///   appears at most once.
  public init(_ fields: EventDraftFields) throws(InvalidEvent) {
    let fields = fields.normalized
    var errors = fields.errors
    let unread = Set(errors.map(\.member))
    for member in EventMember.allCases where !unread.contains(Text(member.rawValue)) {
      errors += Self.errors(member, of: fields)
    }

    guard errors.isEmpty, let type = fields.type.flatMap(EventType.init(named:)),
      let source = fields.source,
      let message = fields.message
    else {
      throw InvalidEvent(errors: errors)
    }
    self.init(
      storedType: type, source: source, message: message, userID: fields.userID,
      requestID: fields.requestID, tags: fields.tags, data: fields.data,
      occurredAt: fields.occurredAt, recordedBy: fields.recordedBy)
  }

  /// Returns the same draft with the moment at which it happened, unless it says so itself.
  ///
  /// - Parameter moment: the moment; nil where it is not known.
  /// - Returns: the draft.
  public func occurring(at moment: Timestamp?) -> EventDraft {
    guard occurredAt == nil, let moment else { return self }
    return EventDraft(
      storedType: type, source: source, message: message, userID: userID, requestID: requestID, tags: tags,
      data: data, occurredAt: moment, recordedBy: recordedBy)
  }

  /// Returns the same draft with the name of the key or the user that it is recorded with.
  public func recorded(by name: String?) -> EventDraft {
    if name == recordedBy { return self }
    return EventDraft(
      storedType: type, source: source, message: message, userID: userID, requestID: requestID, tags: tags,
      data: data, occurredAt: occurredAt, recordedBy: name)
  }

  /// Creates a draft whose members were valid when they were stored; nothing is checked again.
  public init(
    storedType type: EventType, source: String, message: String, userID: String?, requestID: String?,
    tags: [String], data: EventData?, occurredAt: Timestamp?, recordedBy: String? = nil
  ) {
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
