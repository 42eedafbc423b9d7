public import HTTPTypes

/// Answers a request, or throws the problem to answer with.
public typealias Handler = @Sendable (Request) async throws(ProblemDetails) -> Response

/// One line of the route table.
public struct Route: Sendable {
  public let method: HTTPRequest.Method
  /// The pattern of the path, such as `/events/{id}`.
  public let path: String
  let pattern: PathPattern
  /// The media types of the content that the handler reads; empty when it reads none.
  public let takes: [MediaType]
  /// The media type of the representation that the handler produces. Content negotiation chooses by it among the
  /// routes with the same method and path; nil leaves the choice to the handler.
  public let produces: MediaType?
  /// The permission that a client needs to use the route.
  public let role: Role
  let handler: Handler
  /// Describes a problem to the clients of this route; nil where they get problem details, or a page.
  let problemResponse: (@Sendable (ProblemDetails, Request) -> Response)?

  /// Creates a line of the route table.
  ///
  /// - Parameters:
  ///   - method: the method of the requests; a GET route answers HEAD too.
  ///   - path: the pattern of the path, such as `/events/{id}`; a segment in braces stands for any one segment that is
  ///     not empty.
  ///   - takes: the media types of the content that the handler reads, all of them in UTF-8; empty when it reads
  ///     none. Either all routes with the same method and path read content, or none does.
  ///   - produces: the media type of the representation that the handler produces, where clients can choose among
  ///     several; nil leaves the choice to the handler.
  ///   - role: the permission that a client needs to use the route.
  ///   - problemResponse: describes a problem, where a protocol says how; without it, clients get problem details.
  ///   - handler: the method or the closure that answers the requests.
  public init(
    _ method: HTTPRequest.Method, _ path: String, takes: [MediaType] = [], produces: MediaType? = nil,
    for role: Role, problemResponse: (@Sendable (ProblemDetails, Request) -> Response)? = nil,
    _ handler: @escaping Handler
  ) {
    self.method = method
    self.path = path
    self.pattern = PathPattern(path)
    self.takes = takes
    self.produces = produces
    self.role = role
    self.problemResponse = problemResponse
    self.handler = handler
  }
}
