public import HTTPTypes

/// Answers a request, or throws the problem to answer with.
public typealias Handler = @Sendable (Request) async throws(ProblemDetails) -> Response

/// One line of the route table.
public struct Route: Sendable {
  public let method: HTTPRequest.Method
  /// Such as `/events/{id}`.
  public let path: String
  let pattern: PathPattern
  /// The media types of the content that the handler reads; empty when it reads none.
  public let takes: [MediaType]
  /// The representation that the handler gives. Routes with the same method and path are told apart by it,
  /// by content negotiation; nil leaves the choice to the handler.
  public let produces: MediaType?
  /// What somebody must be allowed to do to use it.
  public let role: Role
  let handler: Handler

  /// - Parameters:
  ///   - method: GET answers HEAD too.
  ///   - path: such as `/events/{id}`; a segment in braces stands for any one segment that is not empty.
  ///   - takes: the media types of the content that the handler reads, all of them in UTF-8; empty when it reads
  ///     none. Routes with the same method and path either all read content or none does.
  ///   - produces: what representation the handler gives, where there are several.
  ///   - role: what somebody must be allowed to do to use it.
  ///   - handler: a method by name, or a closure.
  public init(
    _ method: HTTPRequest.Method, _ path: String, takes: [MediaType] = [], produces: MediaType? = nil,
    for role: Role, _ handler: @escaping Handler
  ) {
    self.method = method
    self.path = path
    self.pattern = PathPattern(path)
    self.takes = takes
    self.produces = produces
    self.role = role
    self.handler = handler
  }
}
