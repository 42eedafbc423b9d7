/// A member of an event, in the order in which texts have them. The raw value is its name in JSON, CSV, and forms.
///
/// Whatever reads or writes members by name switches over this without a default, so that the compiler names every place
/// that a new member belongs in.
public enum EventMember: String, CaseIterable, Sendable {
  /// Given by the log.
  case id
  /// Given by the log.
  case timestamp
  case type
  case source
  case message
  case userID = "user_id"
  case requestID = "request_id"
  case tags
  case data
  case occurredAt = "occurred_at"
  /// Given by the log.
  case recordedBy = "recorded_by"

  /// Whether the log gives the member to each event, and no client may.
  public var isGivenByTheLog: Bool {
    switch self {
    case .id, .timestamp, .recordedBy: true
    case .type, .source, .message, .userID, .requestID, .tags, .data, .occurredAt: false
    }
  }

  /// Finds the member that has a name.
  ///
  /// - Parameter name: the name in UTF-8.
  /// - Returns: the member's index in `allCases`; nil when no member has the name.
  package static func index(ofName name: Span<UInt8>) -> Int? {
    names.firstIndex { known in
      known.count == name.count && known.indices.allSatisfy { known[$0] == name[$0] }
    }
  }

  /// The names of all members in UTF-8, in the order of `allCases`.
  private static let names = allCases.map { Array($0.rawValue.utf8) }
}
