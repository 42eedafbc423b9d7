/// An event before it is recorded: what the client says, without id and timestamp.
///
/// A draft is valid by construction; its limits are those that `EventDraft.Limit` names.
public struct EventDraft: Hashable, Sendable {
  public let type: EventType
  /// Who or what the event comes from: 1 to 200 characters, not blank, no control characters.
  public let source: String
  /// 1 to 65,536 bytes of UTF-8, not blank; of the control characters only tab and line feed.
  public let message: String
  /// 1 to 200 characters, as `source`.
  public let userID: String?
  /// 1 to 200 characters, as `source`.
  public let requestID: String?
  /// At most 20 distinct strings of 1 to 64 characters.
  public let tags: [String]
  public let data: EventData?

  /// - Parameter fields: what was read from a request, a form or a file.
  /// - Throws: `InvalidEvent` with what could not be read and what is not valid, each member at most once
  ///   but for `tags`.
  public init(_ fields: EventDraftFields) throws(InvalidEvent) {
    var errors = fields.errors
    func check(_ error: InvalidMember?) {
      guard let error, !fields.errors.contains(where: { $0.member == error.member }) else { return }
      errors.append(error)
    }
    let type = fields.type.flatMap(EventType.init(rawValue:))
    if type == nil { check(Self.typeError(fields.type)) }
    check(Self.sourceError(fields.source))
    check(Self.messageError(fields.message))
    check(fields.userID.flatMap { Self.nameError($0, at: "/user_id") })
    check(fields.requestID.flatMap { Self.nameError($0, at: "/request_id") })
    for error in Self.tagErrors(fields.tags) { check(error) }

    guard errors.isEmpty, let type, let source = fields.source, let message = fields.message else {
      throw InvalidEvent(errors: errors)
    }
    self.init(
      storedType: type, source: source, message: message, userID: fields.userID,
      requestID: fields.requestID, tags: fields.tags, data: fields.data)
  }

  /// A draft whose members were valid when they were stored; nothing is checked again.
  public init(
    storedType type: EventType, source: String, message: String, userID: String?, requestID: String?,
    tags: [String], data: EventData?
  ) {
    self.type = type
    self.source = source
    self.message = message
    self.userID = userID
    self.requestID = requestID
    self.tags = tags
    self.data = data
  }
}
