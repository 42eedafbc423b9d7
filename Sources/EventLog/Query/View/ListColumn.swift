public import Text

/// A column of a list of events: a member, or a member of `data`.
public enum ListColumn: Hashable, Sendable {
  /// Any member but `data`.
  case member(EventMember)
  case data(DataPath)

  /// The members that can be a column: all but `data` as a whole.
  public static let members = EventMember.allCases.filter { $0 != .data }

  /// Reads a column; the result is nil when there is none of this name.
  ///
  /// - Parameter name: the name of a member, or `data.` and a path.
  public init?(_ name: Text) {
    if let path = name.dropping(prefix: "data.") {
      guard let path = DataPath(path) else { return nil }
      self = .data(path)
    } else {
      guard let member = EventMember(named: name), Self.members.contains(member) else { return nil }
      self = .member(member)
    }
  }

  /// The name as it is written. Two columns are equal when their names are.
  public var name: Text {
    switch self {
    case .member(let member): Text(member.rawValue)
    case .data(let path): Text("data.\(path.text.string)")
    }
  }
}
