import Text

/// The origin of a web page: the scheme, the host and the port of its address (RFC 6454 section 4).
public struct Origin: Hashable, Sendable {
  public let scheme: Request.Scheme
  public let host: Authority.Host
  /// The port, which is the scheme's default where the text has none.
  public let port: UInt16

  /// Reads the value of an `Origin` field (RFC 6454 section 7.1); fails when it is not exactly one origin of the web. Its
  /// letters may be capitals.
  ///
  /// - Parameter text: the origin, such as `https://log.example` or `http://127.0.0.1:8080`.
  public init?(_ text: String) {
    let parts = Text(text).split(separator: ":", maximumSplits: 1)
    guard parts.count == 2, let scheme = Request.Scheme(named: parts[0].lowercasedASCII),
      let authority = parts[1].dropping(prefix: "//").flatMap({ Authority($0.string) })
    else { return nil }
    self.scheme = scheme
    host = authority.host
    port = authority.port ?? scheme.defaultPort
  }

  /// Reads the origin of a URL; fails when the text is no URL of the web, or has user information, a query or a fragment.
  ///
  /// - Parameter url: the URL, such as `https://log.example/eventlog`; its path is not part of the origin.
  public init?(ofURL url: String) {
    guard !url.utf8.contains(where: { $0 <= 0x20 || "?#\\".utf8.contains($0) }) else { return nil }
    let parts = url.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count >= 3 else { return nil }
    self.init(parts.prefix(3).map { String(Substring($0)) }.joined(separator: "/"))
  }

  /// Returns whether a page of this origin came from a server with this authority. A port that the authority does not
  /// have is the default of the origin's scheme, because a proxy in front of the web server may have another scheme.
  public func isServed(by authority: Authority) -> Bool {
    host == authority.host && port == authority.port ?? scheme.defaultPort
  }
}

extension Request.Scheme {
  fileprivate var defaultPort: UInt16 {
    switch self {
    case .http: 80
    case .https: 443
    }
  }
}
