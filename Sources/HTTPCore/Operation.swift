import HTTPTypes

/// The routes of one method and path, which differ in what content they take and what representation they give.
struct Operation: Sendable {
  let method: HTTPRequest.Method
  private let routes: [Route]
  /// The media types of the content that is read; empty when none is.
  private let takes: [MediaType]

  /// - Parameters:
  ///   - method: that of all the routes.
  ///   - routes: at least one; of those that suit a request equally well, the first is taken.
  init(_ method: HTTPRequest.Method, _ routes: [Route]) {
    self.method = method
    self.routes = routes
    var takes: [MediaType] = []
    for mediaType in routes.flatMap(\.takes) where !takes.contains(mediaType) { takes.append(mediaType) }
    self.takes = takes
    precondition(takes.isEmpty || !routes.contains { $0.takes.isEmpty }, "all or none read content")
  }

  /// Finds the route that takes a request's content and gives what is most wanted.
  ///
  /// - Parameter request: one with this method and path.
  /// - Returns: the route to ask.
  /// - Throws: 400 when `Content-Type` was sent with different values; 415 when no route takes the content; 406 when
  ///   none of those that do gives a representation that is wanted.
  func route(for request: Request) throws(ProblemDetails) -> Route {
    let candidates = takes.isEmpty ? routes : try taking(request)
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

  private func taking(_ request: Request) throws(ProblemDetails) -> [Route] {
    let contentType = try request.contentType(among: takes)
    return routes.filter { route in route.takes.contains { $0.isSame(as: contentType) } }
  }
}
