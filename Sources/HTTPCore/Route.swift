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
  /// - Returns: whether the path is one of those that are meant.
  func matches(_ path: [String]) -> Bool {
    path.count == segments.count
      && zip(segments, path).allSatisfy { segment, value in
        switch segment {
        case .literal(let literal): literal == value
        case .parameter: !value.isEmpty
        }
      }
  }

  /// - Parameter path: one that matches.
  /// - Returns: the values of the parameters.
  func parameters(of path: [String]) -> [String: String] {
    var parameters: [String: String] = [:]
    for case (.parameter(let name), let value) in zip(segments, path) { parameters[name] = value }
    return parameters
  }
}
