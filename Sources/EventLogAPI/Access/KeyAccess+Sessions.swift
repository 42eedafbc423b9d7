public import EventLogAccess
public import HTTPCore
import HTTPTypes
import Text

/// Sessions that begin and end.
extension KeyAccess {
  /// Refuses a form to log in or out that no page of this browser's can have sent.
  ///
  /// - Parameters:
  ///   - request: the request, with its content.
  ///   - purpose: the cookie that the form belongs to.
  /// - Throws: 403.
  public func requireOwnForm(
    _ request: Request, for purpose: SessionCookie.Purpose
  ) throws(ProblemDetails) {
    try Self.refuseUnexplained(request)
    try requireToken(of: request, for: purpose)
  }

  /// Begins a session in the place of the one that the browser may have.
  ///
  /// - Parameters:
  ///   - key: the key that somebody logged in with.
  ///   - isRemembered: whether the browser keeps it when it is closed.
  ///   - request: the request to log in.
  /// - Returns: values of `Set-Cookie`.
  /// - Throws: what the store's error becomes.
  public func beginSession(
    with key: AccessKey, isRemembered: Bool, for request: Request
  ) async throws(ProblemDetails) -> [String] {
    let id = SecretID()
    do {
      if let earlier = try? cookies.value(.session, of: request), let earlier = SecretID(earlier) {
        try await store.endSession(earlier)
      }
      try await store.beginSession(id, with: key, isRemembered: isRemembered)
    } catch {
      throw ProblemDetails(error)
    }
    let age = isRemembered ? Int(Session.wholeTime(isRemembered: true) / 1000) : nil
    let mount = request.target.mount
    return [
      cookies.field(id.text, .session, maximumAge: age, mount: mount),
      cookies.field("", .login, maximumAge: 0, mount: mount),
    ]
  }

  /// Ends the session of a browser.
  ///
  /// - Parameters:
  ///   - request: the request to log out.
  ///   - isEverywhere: whether all sessions end that were begun with the same key.
  /// - Returns: the value of `Set-Cookie`.
  /// - Throws: what the store's error becomes.
  public func endSession(
    of request: Request, everywhere isEverywhere: Bool
  ) async throws(ProblemDetails) -> String {
    // What nobody has begun need not be ended: only a change is written.
    if let session = try await session(of: request), let id = try cookies.value(.session, of: request) {
      do {
        if isEverywhere {
          try await store.endSessions(of: session.key)
        } else if let id = SecretID(id) {
          try await store.endSession(id)
        }
      } catch {
        throw ProblemDetails(error)
      }
    }
    return cookies.field("", .session, maximumAge: 0, mount: request.target.mount)
  }
}
