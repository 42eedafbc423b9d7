import EventLog
public import HTTPCore
public import Text

/// What the users may do whom the web server has checked, and names in `REMOTE_USER`.
public struct RemoteUsers: Sendable {
  private let everyone: Set<Role>
  private let named: [Text: Set<Role>]

  /// Trusts the web server's word.
  ///
  /// - Parameters:
  ///   - everyone: what every user may do; empty when only those may do something who are named.
  ///   - named: what some users may do.
  public init(everyone: Set<Role> = [], named: [Text: Set<Role>] = [:]) {
    self.everyone = everyone
    self.named = named
  }

  /// Returns the visitor whom the web server has checked.
  ///
  /// - Parameter request: the request.
  /// - Returns: nil when the web server names nobody who may do something.
  func visitor(of request: Request) -> Visitor? {
    // What is recorded has the name, so it has to be one.
    guard let name = request.remoteUser.map(Text.init(_:)), EventDraft.isName(name) else { return nil }
    let roles = named[name] ?? everyone
    return roles.isEmpty ? nil : Visitor(name: name, roles: roles, by: .webServer)
  }
}
