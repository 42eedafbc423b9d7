import Text

/// A member that not every event has.
public enum OptionalMember: Hashable, Sendable {
  case userID
  case requestID
  /// At least one tag.
  case tag
  /// A value in `data`.
  case data
  /// A value in `data` at a path, or at a longer one that begins with it. Objects and lists without values count as absent.
  case dataMember(DataPath)

  /// Returns whether an event has the member.
  func exists(in draft: EventDraft) -> Bool {
    switch self {
    case .userID: draft.userID != nil
    case .requestID: draft.requestID != nil
    case .tag: !draft.tags.isEmpty
    case .data: draft.data.map { !$0.leaves.isEmpty } ?? false
    case .dataMember(let path): draft.data?.leaves.contains { $0.path.starts(with: path) } ?? false
    }
  }
}
