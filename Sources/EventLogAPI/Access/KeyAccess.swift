public import EventLog
public import EventLogAccess
public import HTTPCore
import HTTPTypes
import Text

/// Asks who visitors are: by a key, the session of a browser, or what the web server says.
public struct KeyAccess: Authenticator {
  public let store: any AccessStore
  private let anonymous: Visitor
  private let remoteUsers: RemoteUsers?
  public let cookies: SessionCookie
  private let failures = FailureLimit()
  private let now: @Sendable () -> Timestamp

  /// - Parameters:
  ///   - store: the keys and sessions.
  ///   - anonymous: what somebody unknown may do.
  ///   - remoteUsers: what the users may do whom the web server has checked; nil when its word is not trusted.
  ///   - cookies: the cookies of sessions.
  ///   - now: the clock.
  public init(
    _ store: any AccessStore, anonymous: Set<Role> = [], remoteUsers: RemoteUsers? = nil,
    cookies: SessionCookie,
    now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) {
    self.store = store
    self.anonymous = Visitor(roles: anonymous)
    self.remoteUsers = remoteUsers
    self.cookies = cookies
    self.now = now
  }

  public var tellsVisitorsApart: Bool { true }

  public func visitor(of request: Request, isNew: Bool = true) async throws(ProblemDetails) -> Visitor {
    let user = remoteUsers?.visitor(of: request)
    // The web server has already dealt with the credentials of another scheme.
    if request.fields.contains(.authorization), user == nil || request.hasBearerToken {
      let key = try await key(try await bearerToken(of: request), of: request)
      if isNew { store.noteUse(of: key, nil) }
      return Visitor(key, by: .key)
    }
    if let (session, key) = try await session(of: request) {
      try Self.refuseUnexplained(request)
      if isNew { store.noteUse(of: key, session) }
      return Visitor(key, by: .session)
    }
    return user ?? anonymous
  }

  /// Finds the session of a browser.
  ///
  /// - Returns: nil when there is none that has not ended.
  /// - Throws: 400 when there are several cookies; what the store's error becomes.
  public func session(of request: Request) async throws(ProblemDetails) -> (session: Session, key: AccessKey)?
  {
    guard let id = try cookies.value(.session, of: request).flatMap(SecretID.init) else { return nil }
    let now = now()
    return try await known { $0.session(id, at: now) }
  }

  /// Finds the key of a text.
  func find(_ text: KeyText) async throws(ProblemDetails) -> AccessKey? {
    let now = now()
    return try await known { $0.key(text, at: now) }
  }

  /// Counts a wrong key.
  ///
  /// - Returns: the seconds after which another may be tried; nil when that may be at once.
  func countFailure(_ request: Request) -> Int? { failures.count(request) }

  /// Finds something in what is known of keys and sessions, and looks again if it is not there: another process may have made
  /// it just now.
  private func known<Value>(_ find: (AccessSnapshot) -> Value?) async throws(ProblemDetails) -> Value? {
    do {
      for age in [MemoryAccessStore.usualAge, Self.shortAge] {
        if let value = find(try await store.snapshot(maximumAge: age)) { return value }
      }
      return nil
    } catch {
      throw ProblemDetails(error)
    }
  }

  /// How old what is known may be where somebody is not found in it. It bounds what wrong keys cost.
  private static let shortAge = Duration.milliseconds(20)

  /// Refuses a request with a session that does not come from one of the log's pages, as far as the browser tells: one that
  /// tells nothing is no browser.
  static func refuseUnexplained(_ request: Request) throws(ProblemDetails) {
    if [.get, .head, .options].contains(request.method) { return }
    guard request.fields.contains(.secFetchSite) || request.fields.contains(.origin) else {
      throw ProblemDetails(
        .crossSite,
        detail: "The request does not say which page sent it. Programs use a key instead of a session.")
    }
  }

  public func confirm(_ request: Request) throws(ProblemDetails) {
    if [.get, .head, .options].contains(request.method) { return }
    switch request.visitor.means {
    case .session: try requireToken(of: request, for: .session)
    case .webServer:
      // A browser sends a password by itself, too, with a form of any site.
      if request.mediaType?.isSame(as: .form) ?? false { try Self.refuseUnexplained(request) }
    case .key, .none: break
    }
  }

  /// Refuses a form that no page of the browser's own session can have sent.
  ///
  /// - Parameters:
  ///   - request: the request, with its content.
  ///   - purpose: the cookie that the form belongs to.
  /// - Throws: 403.
  public func requireToken(
    of request: Request, for purpose: SessionCookie.Purpose
  ) throws(ProblemDetails) {
    let isForm = request.mediaType?.isSame(as: .form) ?? false
    let token = try isForm ? request.formParameters().first { $0.name == FormToken.field }?.value : nil
    guard let token, let secret = try cookies.value(purpose, of: request),
      FormToken.isValid(token, from: secret)
    else {
      throw ProblemDetails(
        .crossSite,
        detail: isForm
          ? "The form is from an earlier session. Please load the page again, and send it once more."
          : "A session may only send the forms of the log's pages. Programs use a key.")
    }
  }

  /// Returns the token for the forms of a page; nil for a visitor without a session.
  public func formToken(for request: Request) -> String? {
    guard request.visitor.means == .session, let secret = (try? cookies.value(.session, of: request)) ?? nil
    else {
      return nil
    }
    return FormToken.make(from: secret)
  }
}
