import HTTPTypes

/// The table of all routes, and what HTTP says of requests that none of them takes.
public struct Router: Sendable {
  /// Those with the fewest parameters come first, so that the first that matches is the most specific.
  private let resources: [Resource]
  private let problemPage: (@Sendable (ProblemDetails, Request) -> Response)?
  private let report: @Sendable (Request, Response) -> Void

  /// - Parameters:
  ///   - routes: of those that suit a request equally well, the first is taken. Where two paths have paths in common,
  ///     one must contain the other, as `/events/{id}` contains `/events/histogram`.
  ///   - problemPage: tells people of a problem; without it, browsers too get problem details.
  ///   - report: is told of each response that has a cause for the operator's log.
  public init(
    _ routes: [Route], problemPage: (@Sendable (ProblemDetails, Request) -> Response)? = nil,
    report: @escaping @Sendable (Request, Response) -> Void = { _, _ in }
  ) {
    var patterns: [PathPattern] = []
    for route in routes where !patterns.contains(route.pattern) { patterns.append(route.pattern) }
    resources = patterns.sorted { $0.parameterCount < $1.parameterCount }.map { Resource($0, in: routes) }
    self.problemPage = problemPage
    self.report = report
  }

  /// Answers a request; every error becomes problem details, or a page where that is rather wanted.
  ///
  /// What no handler answers is refused before one is asked, in this order: 404, 405, 403 for what another site's page
  /// sends, 415 and 406. HEAD is answered as GET, without the body. OPTIONS and 405 name the methods in `Allow`.
  public func respond(to request: Request) async -> Response {
    let response: Response
    do throws(ProblemDetails) {
      let route = try route(for: request)
      var request = request
      request.pathParameters = route.pattern.parameters(of: request.target.path)
      response = try await route.handler(request)
    } catch {
      let preferred = Accept(request.fields).preferred(among: [.problemJSON, .json, .html])
      response = (preferred == .html ? problemPage?(error, request) : nil) ?? error.response(to: request)
    }
    if response.cause != nil { report(request, response) }
    return request.method == .head ? response.omittingBody() : response
  }

  private func route(for request: Request) throws(ProblemDetails) -> Route {
    guard let resource = resources.first(where: { $0.pattern.matches(request.target.path) }) else {
      throw ProblemDetails(.notFound, detail: "There is nothing at this path.")
    }
    let operation = try resource.operation(request.method)
    try request.refuseCrossSite()
    return try operation.route(for: request)
  }
}
