public import Text

/// The target of a request: the path below the one under which the program is mounted, and the query.
public struct RequestTarget: Sendable, Equatable {
  /// The path under which the program is mounted, percent-encoded and without a trailing slash: empty at the root of
  /// a site, otherwise such as `/eventlog`. Every link in a response begins with it.
  public let mount: String
  /// The segments of the path below `mount`, each decoded once: `/events/a%2Fb` is `["events", "a/b"]`.
  public let path: [Text]
  /// The raw query without the question mark; empty when there is none.
  public let query: String

  /// Creates a target; fails when the path has a broken percent-encoding, is not UTF-8, or contains a NUL.
  ///
  /// - Parameters:
  ///   - mount: the path of the mount, percent-encoded: empty, or with a leading and without a trailing slash.
  ///   - path: the path below the mount, percent-encoded and with a leading slash.
  ///   - query: the raw query without the question mark.
  public init?(mount: String = "", path: String, query: String = "") {
    var segments: [Text] = []
    for segment in Text(path).split(separator: "/").dropFirst() {
      guard let decoded = PercentEncoding.decode(segment), !decoded.contains(0) else { return nil }
      segments.append(decoded)
    }
    self.mount = mount
    self.path = segments
    self.query = query
  }

  private init(mount: String, segments: [Text], query: String) {
    self.mount = mount
    self.path = segments
    self.query = query
  }

  /// The same target with a path of which no segment is empty, or with the path `/`; nil where that is the path already.
  var withoutEmptySegments: RequestTarget? {
    let segments = path.filter { !$0.isEmpty }
    if segments.count == path.count || path == [""] { return nil }
    return RequestTarget(mount: mount, segments: segments.isEmpty ? [""] : segments, query: query)
  }
}

extension RequestTarget: CustomStringConvertible {
  /// The whole path and the query in printable ASCII, which is safe to write anywhere.
  public var description: String {
    let query = query.unicodeScalars.map {
      ("!"..."~").contains($0) ? String($0) : PercentEncoding.encode(String($0))
    }.joined()
    return mount + path.map { "/" + PercentEncoding.encode($0.string) }.joined()
      + (query.isEmpty ? "" : "?" + query)
  }
}
