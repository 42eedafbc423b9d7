public import Text

/// One error in one member of an event.
public struct InvalidMember: Error, Equatable, Sendable {
  /// The place of the error as a JSON Pointer (RFC 6901): `/message`, `/tags/2`.
  public let pointer: String
  /// What is wrong, as the end of a sentence that starts with the member's name: "must not be blank".
  public let detail: String

  public init(pointer: String, detail: String) {
    self.pointer = pointer
    self.detail = detail
  }

  /// Creates an error from the name of a member.
  ///
  /// - Parameters:
  ///   - name: the member's name as it was given, which may be any text; a long one is abridged.
  ///   - detail: what is wrong, as the end of a sentence that starts with the member's name.
  public init(named name: Text, detail: String) {
    self.init(pointer: "/\(name.abridged.pointerEscaped)", detail: detail)
  }

  /// Makes the error for a member that the log does not know. Unknown members are never dropped silently.
  ///
  /// - Parameter name: the member's name as it was given.
  /// - Returns: the error.
  public static func unknown(_ name: Text) -> InvalidMember {
    InvalidMember(named: name, detail: "is not a member of an event; put extra facts under data")
  }

  /// Makes the error for a member that the log gives to each event.
  ///
  /// - Parameter member: `id`, `timestamp` or `recorded_by`.
  /// - Returns: the error.
  public static func givenByTheLog(_ member: EventMember) -> InvalidMember {
    InvalidMember(
      pointer: "/\(member.rawValue)",
      detail:
        "is given by the log; leave it out here with ?drop=\(dropped), or keep it with eventlog import")
  }

  private static let dropped =
    EventMember.allCases.filter(\.isGivenByTheLog).map(\.rawValue).joined(separator: ",")

  /// The error for an event that claims to be one of the log's own.
  public static let reservedSource = InvalidMember(
    pointer: "/\(EventMember.source.rawValue)",
    detail: "is reserved for what the log records about itself; use another name")

  /// The error for a text that says no moment at which an event can have happened.
  public static let notAMoment = InvalidMember(
    pointer: "/\(EventMember.occurredAt.rawValue)",
    detail: "must be an RFC 3339 date and time with an offset, such as 2024-01-15T14:30:00Z")

  /// The first reference token of the pointer: `tags` for `/tags/2`. It is still escaped.
  public var member: Text {
    Text(pointer).split(separator: "/").dropFirst().first ?? ""
  }
}

extension String {
  /// The string as a reference token, escaped as RFC 6901 section 3 requires.
  fileprivate var pointerEscaped: String {
    unicodeScalars.map { scalar in
      switch scalar {
      case "~": "~0"
      case "/": "~1"
      default: String(scalar)
      }
    }.joined()
  }
}
