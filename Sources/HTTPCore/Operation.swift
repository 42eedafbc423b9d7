import HTTPTypes

/// The routes with one method and path, which differ in the content they take and the representation they produce.
struct Operation: Sendable {
  let method: HTTPRequest.Method
  /// The permission that all the routes need.
  let role: Role
  private let routes: [Route]
  /// The media types of the content that the routes read; empty when they read none.
  private let takes: [MediaType]

  /// - Parameters:
  ///   - method: the method of all the routes.
  ///   - routes: at least one route; of those that suit a request equally well, the first is chosen.
  init(_ method: HTTPRequest.Method, _ routes: [Route]) {
    self.method = method
    self.routes = routes
    role = routes[0].role
    var takes: [MediaType] = []
    for mediaType in routes.flatMap(\.takes) where !takes.contains(mediaType) { takes.append(mediaType) }
    self.takes = takes
    precondition(routes.allSatisfy { $0.role == routes[0].role }, "who may is decided before what is wanted")
    precondition(takes.isEmpty || !routes.contains { $0.takes.isEmpty }, "all read content or none does")
  }

  /// Finds the route that takes a request's content and produces the representation that the client prefers.
  ///
  /// What a client sends decides before what it accepts: content that only one route takes is answered by that route
  /// (RFC 9110 section 12.5.1), because nobody gains from a refusal of what could be recorded.
  ///
  /// - Parameter request: a request with this method and path.
  /// - Returns: the route whose handler answers the request.
  /// - Throws: 400 when `Content-Type` was sent with different values; 415 when no route takes the content; 406 when
  ///   none of the routes that take it produces an acceptable representation.
  func route(for request: Request) throws(ProblemDetails) -> Route {
    let candidates = takes.isEmpty ? routes : try taking(request)
    if !takes.isEmpty && candidates.count == 1 { return candidates[0] }
    let offered = candidates.compactMap(\.produces)
    if offered.isEmpty { return candidates[0] }
    guard let preferred = Accept(request.fields).preferred(among: offered),
      let candidate = candidates.first(where: { $0.produces == preferred })
    else {
      throw ProblemDetails(
        .notAcceptable,
        detail: "This resource is available as \(offered.map(\.description).joined(separator: " or ")).",
        fields: [.vary: "Accept"])
    }
    return candidate
  }

  private func taking(_ request: Request) throws(ProblemDetails) -> [Route] {
    let contentType = try request.contentType(among: takes)
    return routes.filter { route in route.takes.contains { $0.isSame(as: contentType) } }
  }
}
