public import Text

/// Who sends a request, and what they may do.
public struct Visitor: Hashable, Sendable {
  /// How a visitor is known.
  public enum Means: Sendable {
    /// The visitor is not known.
    case none
    /// A program sent a key.
    case key
    /// A browser sent the cookie of a session.
    case session
    /// The web server has checked who it is.
    case webServer
  }

  /// The name by which operators know the visitor; nil for somebody unknown.
  public let name: Text?
  public let roles: Set<Role>
  /// The only part of the site that the visitor may use; nil for all of it.
  public let scope: Text?
  public let means: Means

  /// - Parameters:
  ///   - name: the name by which operators know the visitor; nil for somebody unknown.
  ///   - roles: what the visitor may do; `admin` includes everything.
  ///   - scope: the only part of the site that the visitor may use; nil for all of it.
  ///   - means: how the visitor is known.
  public init(name: Text? = nil, roles: Set<Role>, scope: Text? = nil, by means: Means = .none) {
    self.name = name
    self.roles = roles
    self.scope = scope
    self.means = means
  }

  /// Somebody unknown, who may use what is open to everyone.
  public static let nobody = Visitor(roles: [])

  /// Returns whether the visitor may use a route.
  ///
  /// - Parameter role: the permission that the route needs.
  /// - Returns: whether the visitor has it.
  public func may(_ role: Role) -> Bool {
    role == .everyone || roles.contains(role) || roles.contains(.admin)
  }
}
