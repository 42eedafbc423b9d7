public import HTTPTypes

/// Answers a request, or throws the problem to answer with.
public typealias Handler = @Sendable (Request) async throws(ProblemDetails) -> Response

/// One line of the route table.
public struct Route: Sendable {
  public let method: HTTPRequest.Method
  /// Such as `/events/{id}`.
  public let path: String
  let pattern: PathPattern
  /// The representation that the handler gives. Routes with the same method and path are told apart by it,
  /// by content negotiation; nil leaves the choice to the handler.
  public let produces: MediaType?
  let handler: Handler

  /// - Parameters:
  ///   - method: GET answers HEAD too.
  ///   - path: such as `/events/{id}`; a segment in braces stands for any one segment that is not empty.
  ///   - produces: what representation the handler gives, where there are several.
  ///   - handler: a method by name, or a closure.
  public init(
    _ method: HTTPRequest.Method, _ path: String, produces: MediaType? = nil, _ handler: @escaping Handler
  ) {
    self.method = method
    self.path = path
    self.pattern = PathPattern(path)
    self.produces = produces
    self.handler = handler
  }
}

/// The path of a route.
struct PathPattern: Hashable, Sendable {
  private enum Segment: Hashable {
    case literal(String)
    case parameter(String)
  }

  private let segments: [Segment]

  init(_ path: String) {
    segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { segment in
      segment.hasPrefix("{") && segment.hasSuffix("}")
        ? .parameter(String(segment.dropFirst().dropLast())) : .literal(String(segment))
    }
  }

  /// - Parameter path: decoded segments.
  /// - Returns: the values of the parameters; nil when the path does not match.
  func match(_ path: [String]) -> [String: String]? {
    guard path.count == segments.count else { return nil }
    var parameters: [String: String] = [:]
    for (segment, value) in zip(segments, path) {
      switch segment {
      case .literal(let literal): guard literal == value else { return nil }
      case .parameter(let name):
        guard !value.isEmpty else { return nil }
        parameters[name] = value
      }
    }
    return parameters
  }
}
