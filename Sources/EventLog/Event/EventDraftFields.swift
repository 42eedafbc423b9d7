public import Text

/// The members of an event as they were given, not yet checked, and the errors of those that could not be read.
///
/// Every way into the log (JSON, form, command line) fills one of these; `EventDraft` checks it.
public struct EventDraftFields: Equatable, Sendable {
  public var type: Text?
  public var source: String?
  public var message: String?
  public var userID: String?
  public var requestID: String?
  public var tags: [String] = []
  public var data: EventData?
  public var occurredAt: Timestamp?
  /// Who recorded it, where the members are those of an event that was exported.
  public var recordedBy: String?
  /// Whether the members are those of an event that was exported, which may be one of the log's own.
  public var isExported = false
  /// The errors of members that could not be read at all, such as a member that the log does not know.
  public private(set) var errors: [InvalidMember] = []

  /// The maximum number of errors that are noted: enough for a correction, and a bound on the response to nonsense.
  private static let maximumErrors = 100

  /// Whether so many errors are noted that further members need not be read.
  public var isHopeless: Bool { errors.count == Self.maximumErrors }

  public init() {}

  /// Notes the error of a member that could not be read. Errors after the first hundred are ignored.
  ///
  /// - Parameter error: what is wrong with the member.
  public mutating func note(_ error: InvalidMember) {
    if errors.count < Self.maximumErrors { errors.append(error) }
  }
}
