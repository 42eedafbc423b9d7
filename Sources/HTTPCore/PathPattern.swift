import Text

/// The path of a route, in which segments in braces stand for any value.
struct PathPattern: Hashable, Sendable {
  private enum Segment: Hashable {
    case literal(Text)
    case parameter(Text)
  }

  private let segments: [Segment]
  /// The number of segments that stand for any value.
  let parameterCount: Int

  init(_ path: String) {
    segments = Text(path).split(separator: "/").dropFirst().map { segment in
      segment.dropping(prefix: "{").map { .parameter($0.split(separator: "}")[0]) } ?? .literal(segment)
    }
    parameterCount = segments.count { if case .parameter = $0 { true } else { false } }
  }

  /// - Parameter path: the decoded segments of a path.
  /// - Returns: whether the path matches this pattern.
  func matches(_ path: [Text]) -> Bool {
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
  func parameters(of path: [Text]) -> [Text: Text] {
    if parameterCount == 0 { return [:] }
    var parameters: [Text: Text] = [:]
    for case (.parameter(let name), let value) in zip(segments, path) { parameters[name] = value }
    return parameters
  }
}
