public import HTTPCore
import HTTPTypes
public import Text

/// A cookie that holds a secret: the id of a session, or of a login that has not happened yet (RFC 6265, and the prefixes of
/// draft-ietf-httpbis-rfc6265bis section 4.1.3).
///
/// A cookie's path keeps nobody out: other applications of the same host can read and set it.
public struct SessionCookie: Sendable {
  public enum Purpose: String, Sendable {
    /// Somebody has logged in.
    case session = "eventlog_session"
    /// Somebody was shown the form to log in, so that no other site can have sent it.
    case login = "eventlog_login"
  }

  private let isSecure: Bool

  /// - Parameter isSecure: whether browsers use TLS to reach the log, so that the cookie never goes without.
  public init(isSecure: Bool) {
    self.isSecure = isSecure
  }

  private func name(_ purpose: Purpose, _ mount: String) -> String {
    // The prefix also says that the path is the root of the host.
    let prefix = !isSecure ? "" : mount.isEmpty ? "__Host-" : "__Secure-"
    return prefix + purpose.rawValue
  }

  /// Returns the secret of a request's cookie.
  ///
  /// - Returns: nil when there is none.
  /// - Throws: 400 when there are several, one of which another site may have set.
  public func value(_ purpose: Purpose, of request: Request) throws(ProblemDetails) -> Text? {
    try request.cookie(Text(name(purpose, request.target.mount)))
  }

  /// Returns the value of `Set-Cookie`.
  ///
  /// - Parameters:
  ///   - value: the secret; empty to delete the cookie.
  ///   - purpose: what it is for.
  ///   - maximumAge: the seconds for which the browser keeps it; nil until the browser is closed.
  ///   - mount: the path at which the program is mounted.
  /// - Returns: the value.
  public func field(_ value: Text, _ purpose: Purpose, maximumAge: Int?, mount: String) -> String {
    var parts = ["\(name(purpose, mount))=\(value.string)", "Path=\(mount)/", "HttpOnly", "SameSite=Lax"]
    if isSecure { parts.append("Secure") }
    if let maximumAge { parts.append("Max-Age=\(maximumAge)") }
    return parts.joined(separator: "; ")
  }
}
