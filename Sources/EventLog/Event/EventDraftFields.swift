/// The members of an event as somebody gave them, not yet checked, with what could not be read of them.
///
/// Every way into the log (JSON, form, command line) fills one of these; `EventDraft` checks it.
public struct EventDraftFields: Equatable, Sendable {
  public var type: String?
  public var source: String?
  public var message: String?
  public var userID: String?
  public var requestID: String?
  public var tags: [String] = []
  public var data: EventData?
  /// What is wrong with members that could not be read at all, such as one the log does not know.
  public private(set) var errors: [InvalidMember] = []

  /// The number of errors that are noted: enough to mend by, and a bound on the answer to nonsense.
  private static let maximumErrors = 100

  public init() {}

  /// Notes what is wrong with a member that could not be read, up to a hundred times.
  public mutating func note(_ error: InvalidMember) {
    if errors.count < Self.maximumErrors { errors.append(error) }
  }
}
