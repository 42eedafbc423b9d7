import HTTPTypes
import Text

/// The table of all routes, and the responses that HTTP prescribes for requests that no route takes.
public struct Router: Sendable {
  /// The resources, those with the fewest parameters first, so that the first match is the most specific one.
  private let resources: [Resource]
  private let problemPage: (@Sendable (ProblemDetails, Request) -> Response)?
  private let policy: AccessPolicy
  private let authenticator: any Authenticator
  private let codings: [ContentCoding]
  private let report: @Sendable (Request, Response) -> Void

  /// Creates a router.
  ///
  /// - Parameters:
  ///   - routes: all routes; of those that suit a request equally well, the first is chosen. Where two patterns match
  ///     some of the same paths, one must match all paths of the other, as `/events/{id}` does for
  ///     `/events/histogram`.
  ///   - policy: tells which requests are refused, whatever they ask for.
  ///   - authenticator: tells who sends requests.
  ///   - codings: the codings in which content may be sent; handlers get it decoded.
  ///   - problemPage: makes the page that shows a problem to people; without it, browsers get problem details too.
  ///   - report: receives each response that has a cause for the operator's log.
  public init(
    _ routes: [Route], policy: AccessPolicy = AccessPolicy(), authenticator: any Authenticator = OpenAccess(),
    codings: [ContentCoding] = [],
    problemPage: (@Sendable (ProblemDetails, Request) -> Response)? = nil,
    report: @escaping @Sendable (Request, Response) -> Void = { _, _ in }
  ) {
    var patterns: [PathPattern] = []
    for route in routes where !patterns.contains(route.pattern) { patterns.append(route.pattern) }
    resources = patterns.sorted { $0.parameterCount < $1.parameterCount }.map { Resource($0, in: routes) }
    self.policy = policy
    self.authenticator = authenticator
    self.codings = codings
    self.problemPage = problemPage
    self.report = report
  }

  /// Answers a request; every error becomes problem details, or a page where the client prefers one.
  ///
  /// A path that only has too many slashes, such as `/events/` or `//events`, is redirected to the one without them. A
  /// request that no handler can answer is refused before any handler is called, in this order: 421 for another host,
  /// 400 for a secret in the address, 404, 405, 403 for a request that another site's page sends, 401 or 403 for a visitor who may not use the route, 415,
  /// 406, and what decoding the content throws. HEAD is answered like GET, without the body. OPTIONS and 405 list the
  /// methods in `Allow`.
  ///
  /// - Parameter request: the request.
  /// - Returns: the response.
  public func respond(to request: Request) async -> Response {
    var request = request
    let revealsSecret = policy.revealsSecret(request)
    var response: Response
    do throws(ProblemDetails) {
      try policy.refuseMisdirected(request)
      if revealsSecret { throw AccessPolicy.revealedSecret }
      if let redirect = redirect(request) {
        response = redirect
      } else {
        response = try await answer(&request)
      }
    } catch {
      response = (prefersPage(request) ? problemPage?(error, request) : nil) ?? error.response(to: request)
    }
    response.concealsTarget = revealsSecret
    if response.cause != nil { report(request, response) }
    policy.sharing.share(&response, with: request)
    if authenticator.tellsVisitorsApart { response.vary(by: "Cookie", "Authorization") }
    return request.method == .head ? response.omittingBody() : response
  }

  private func answer(_ request: inout Request) async throws(ProblemDetails) -> Response {
    guard let resource = resource(at: request.target.path) else {
      throw ProblemDetails(.notFound, detail: "There is nothing at this path.")
    }
    if let preflight = policy.sharing.preflight(request, methods: resource.methods) { return preflight }
    let operation = try resource.operation(request.method)
    try policy.refuseCrossSite(request, needsKey: authenticator.tellsVisitorsApart)
    request.visitor = try await authenticator.visitor(of: request, for: operation.role)
    var response = try await respond(to: request, by: try operation.route(for: request))
    if operation.role != .everyone, authenticator.tellsVisitorsApart {
      response.makePrivate()
      response.lastAsLong(as: request, for: operation.role, authenticator)
    }
    return response
  }

  private func respond(to request: Request, by route: Route) async throws(ProblemDetails) -> Response {
    var request = request
    do throws(ProblemDetails) {
      if !route.takes.isEmpty { try ContentCoding.decode(&request, by: codings) }
      try authenticator.confirm(request)
      request.pathParameters = route.pattern.parameters(of: request.target.path)
      return try await route.handler(request)
    } catch {
      guard let problemResponse = route.problemResponse else { throw error }
      return problemResponse(error, request)
    }
  }

  /// Returns whether a problem is shown as a page. What posts JSON is a program, whatever it accepts: some libraries ask
  /// for HTML in every request.
  private func prefersPage(_ request: Request) -> Bool {
    !request.isJSON && Accept(request.fields).preferred(among: [.problemJSON, .json, .html]) == .html
  }

  /// Returns a 308 for a path that has no resource, but would have one without its empty segments; otherwise nil.
  ///
  /// The new address starts with the mount or with one slash, so it is never an address of another site.
  private func redirect(_ request: Request) -> Response? {
    guard request.target.path.count > 1, let target = request.target.withoutEmptySegments,
      resource(at: request.target.path) == nil, resource(at: target.path) != nil
    else { return nil }
    let location = target.description
    guard location.utf8.count <= Response.maximumFieldSize else { return nil }
    return Response(.permanentRedirect, fields: [.location: location, .cacheControl: "no-cache"])
  }

  private func resource(at path: [Text]) -> Resource? {
    resources.first { $0.pattern.matches(path) }
  }
}
