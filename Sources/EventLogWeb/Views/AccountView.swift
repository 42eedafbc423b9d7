import EventLogAPI
import HTTPCore
import Text

/// Who the visitor is and what they may do, as the header of every page shows it.
struct AccountView {
  /// The visitor's name; nil for somebody unknown.
  let name: String?
  /// What the visitor may do, such as `may read and record`.
  let rights: String
  let mayRecord: Bool
  let mayManageKeys: Bool
  /// Whether the visitor could say who they are.
  let canLogIn: Bool
  /// The token of the form that logs out; nil for a visitor without a session.
  let token: String?

  /// - Parameters:
  ///   - visitor: the visitor.
  ///   - token: the token of forms; nil for a visitor without a session.
  init(_ visitor: Visitor, token: String?) {
    name = visitor.name?.string
    rights = "may \(Self.list(visitor.roles))" + (visitor.scope.map { " of \($0.string)" } ?? "")
    mayRecord = visitor.may(.record)
    mayManageKeys = visitor.may(.admin)
    canLogIn = visitor.means == .none
    self.token = token
  }

  /// Returns what somebody with some roles may do, in words.
  static func list(_ roles: Set<Role>) -> String {
    if roles.contains(.admin) { return "do everything" }
    let words = Role.allCases.filter(roles.contains).map { role in
      switch role {
      case .everyone, .admin: ""
      case .read: "read"
      case .record: "record"
      case .status: "see the status"
      }
    }
    return words.isEmpty ? "do nothing" : words.joined(separator: " and ")
  }
}
