/// The path of a route, in which segments in braces stand for any value.
struct PathPattern: Hashable, Sendable {
  private enum Segment: Hashable {
    case literal(String)
    case parameter(String)
  }

  private let segments: [Segment]
  /// The number of segments that stand for any value.
  let parameterCount: Int

  init(_ path: String) {
    segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { segment in
      segment.hasPrefix("{") && segment.hasSuffix("}")
        ? .parameter(String(segment.dropFirst().dropLast())) : .literal(String(segment))
    }
    parameterCount = segments.count { if case .parameter = $0 { true } else { false } }
  }

  /// - Parameter path: the decoded segments of a path.
  /// - Returns: whether the path matches this pattern.
  func matches(_ path: [String]) -> Bool {
    path.count == segments.count
      && zip(segments, path).allSatisfy { segment, value in
        switch segment {
        case .literal(let literal): literal == value
        case .parameter: !value.isEmpty
        }
      }
  }

  /// - Returns: whether this pattern matches every path that the other one matches.
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

  /// - Parameter path: the decoded segments of a path that matches.
  /// - Returns: the values of the parameters by name.
  func parameters(of path: [String]) -> [String: String] {
    if parameterCount == 0 { return [:] }
    var parameters: [String: String] = [:]
    for case (.parameter(let name), let value) in zip(segments, path) { parameters[name] = value }
    return parameters
  }
}
