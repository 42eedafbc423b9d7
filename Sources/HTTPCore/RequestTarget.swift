/// Where a request goes: the path below the place where the program is mounted, and the query.
public struct RequestTarget: Sendable, Equatable {
  /// The path under which the program is mounted, percent-encoded, without a slash at its end: empty at the
  /// root of a site, else such as `/eventlog`. Links that leave the program begin with it.
  public let mount: String
  /// The segments of the path below `mount`, each decoded once: `/events/a%2Fb` is `["events", "a/b"]`.
  public let path: [String]
  /// The raw query, without its question mark; empty when there is none.
  public let query: String

  /// Fails when the path has a broken percent-encoding, is not UTF-8, or holds a NUL.
  ///
  /// - Parameters:
  ///   - mount: percent-encoded, empty or starting with a slash, without one at its end.
  ///   - path: percent-encoded, starting with a slash.
  ///   - query: raw, without the question mark.
  public init?(mount: String = "", path: String, query: String = "") {
    var segments: [String] = []
    for segment in path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    {
      guard let decoded = PercentEncoding.decode(segment), !decoded.utf8.contains(0) else { return nil }
      segments.append(decoded)
    }
    self.mount = mount
    self.path = segments
    self.query = query
  }
}

extension RequestTarget: CustomStringConvertible {
  /// Path and query in printable ASCII, so that they can be written anywhere.
  public var description: String {
    let query = query.unicodeScalars.map {
      ("!"..."~").contains($0) ? String($0) : PercentEncoding.encode(String($0))
    }.joined()
    return mount + path.map { "/" + PercentEncoding.encode($0) }.joined() + (query.isEmpty ? "" : "?" + query)
  }
}
