import HTTPTypes

/// The table of all routes, and what HTTP says of requests that none of them takes.
public struct Router: Sendable {
  private let routes: [Route]
  private let problemPage: (@Sendable (ProblemDetails, Request) -> Response)?
  private let report: @Sendable (Request, Response) -> Void

  /// - Parameters:
  ///   - routes: of those that match a request equally well, the first is taken.
  ///   - problemPage: tells people of a problem; without it, browsers too get problem details.
  ///   - report: is told of each response that has a cause for the operator's log.
  public init(
    _ routes: [Route], problemPage: (@Sendable (ProblemDetails, Request) -> Response)? = nil,
    report: @escaping @Sendable (Request, Response) -> Void = { _, _ in }
  ) {
    self.routes = routes
    self.problemPage = problemPage
    self.report = report
  }

  /// Answers a request; every error becomes problem details, or a page where that is rather wanted.
  ///
  /// HEAD is answered as GET, without the body. OPTIONS and 405 name the methods in `Allow`.
  public func respond(to request: Request) async -> Response {
    let response: Response
    do throws(ProblemDetails) {
      let route = try route(for: request)
      var request = request
      request.pathParameters = route.pattern.parameters(of: request.target.path)
      response = try await route.handler(request)
    } catch {
      let preferred = Accept(request.fields).preferred(among: [.problemJSON, .json, .html])
      response = (preferred == .html ? problemPage?(error, request) : nil) ?? error.response
    }
    if response.cause != nil { report(request, response) }
    return request.method == .head ? response.omittingBody() : response
  }

  private func route(for request: Request) throws(ProblemDetails) -> Route {
    let onPath = routes.filter { $0.pattern.matches(request.target.path) }
    if onPath.isEmpty {
      throw ProblemDetails(.notFound, detail: "There is nothing at this path.")
    }
    let method = request.method == .head ? .get : request.method
    let candidates = onPath.filter { $0.method == method }
    if candidates.isEmpty {
      let allow = Self.allow(onPath)
      if method == .options {
        return Route(.options, "/") { _ in Response(.noContent, fields: allow) }
      }
      throw ProblemDetails(
        .methodNotAllowed, detail: "This resource does not take the method \(request.method).", fields: allow)
    }
    let offered = candidates.compactMap(\.produces)
    if offered.isEmpty { return candidates[0] }
    guard let preferred = Accept(request.fields).preferred(among: offered),
      let candidate = candidates.first(where: { $0.produces == preferred })
    else {
      throw ProblemDetails(
        .notAcceptable,
        detail: "There is \(offered.map(\.description).joined(separator: " and ")) of this resource.",
        fields: [.vary: "Accept"])
    }
    return candidate
  }

  private static func allow(_ routes: [Route]) -> HTTPFields {
    var methods = Set(routes.map(\.method.rawValue))
    if methods.contains("GET") { methods.insert("HEAD") }
    methods.insert("OPTIONS")
    return [.allow: methods.sorted().joined(separator: ", ")]
  }
}
