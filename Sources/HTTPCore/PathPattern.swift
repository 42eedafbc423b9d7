/// The path of a route.
struct PathPattern: Hashable, Sendable {
  private enum Segment: Hashable {
    case literal(String)
    case parameter(String)
  }

  private let segments: [Segment]
  /// How many segments stand for any value.
  let parameterCount: Int

  init(_ path: String) {
    segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { segment in
      segment.hasPrefix("{") && segment.hasSuffix("}")
        ? .parameter(String(segment.dropFirst().dropLast())) : .literal(String(segment))
    }
    parameterCount = segments.count { if case .parameter = $0 { true } else { false } }
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

  /// - Returns: whether this matches every path that another pattern matches.
  func covers(_ other: PathPattern) -> Bool {
    segments.count == other.segments.count
      && zip(segments, other.segments).allSatisfy { mine, theirs in
        switch (mine, theirs) {
        case (.literal, _): mine == theirs
        case (.parameter, .literal(let literal)): !literal.isEmpty
        case (.parameter, .parameter): true
        }
      }
  }

  /// - Parameter path: one that matches.
  /// - Returns: the values of the parameters.
  func parameters(of path: [String]) -> [String: String] {
    if parameterCount == 0 { return [:] }
    var parameters: [String: String] = [:]
    for case (.parameter(let name), let value) in zip(segments, path) { parameters[name] = value }
    return parameters
  }
}
