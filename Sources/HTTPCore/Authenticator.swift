/// Tells who sends requests.
public protocol Authenticator: Sendable {
  /// Whether visitors differ in what they get, so that no cache may give one's response to another.
  var tellsVisitorsApart: Bool { get }

  /// Finds out who sends a request for something that is not open to everyone. The content has not been looked at.
  ///
  /// - Parameters:
  ///   - request: the request.
  ///   - isNew: whether it has just come. A response that lasts is no sign that somebody is still there.
  /// - Returns: the visitor.
  /// - Throws: 400, 401, 403, 429 or 503 when this cannot be said, or the visitor may not send such a request at all.
  func visitor(of request: Request, isNew: Bool) async throws(ProblemDetails) -> Visitor

  /// Refuses a request that a visitor may send, but whose content does not show that they meant it.
  ///
  /// - Parameter request: the request with its visitor, and its content decoded.
  /// - Throws: 403.
  func confirm(_ request: Request) throws(ProblemDetails)

  /// Describes why a visitor may not use a route.
  ///
  /// - Parameters:
  ///   - visitor: the visitor.
  ///   - role: the permission that the route needs.
  /// - Returns: 401 when the visitor could say who they are, and 403 otherwise.
  func refusal(of visitor: Visitor, lacking role: Role) -> ProblemDetails
}

extension Authenticator {
  /// Returns who sends a request, if they may use a route.
  ///
  /// - Parameters:
  ///   - request: the request.
  ///   - role: the permission that the route needs.
  ///   - isNew: whether the request has just come.
  /// - Returns: the visitor; nobody where everyone may use the route.
  /// - Throws: what `visitor(of:isNew:)` throws, and the refusal of a visitor who does not have the role.
  func visitor(of request: Request, for role: Role, isNew: Bool = true) async throws(ProblemDetails)
    -> Visitor
  {
    if role == .everyone { return .nobody }
    let visitor = try await visitor(of: request, isNew: isNew)
    guard visitor.may(role) else { throw refusal(of: visitor, lacking: role) }
    return visitor
  }
}
