/// The address on which a responder listens.
///
/// Anyone who can connect is trusted completely. The address is therefore a path, which has permissions, or a port of
/// the loopback interface.
public enum ListenAddress: Hashable, Sendable {
  case unix(path: String)
  case loopback(port: UInt16, isIPv6: Bool)

  /// The length of the longest socket path, in bytes: the 107 of unix(7), less the dot and the seven random characters in
  /// the name under which the socket is bound before it is renamed.
  public static let maximumPathSize = 99
}

extension ListenAddress: LosslessStringConvertible {
  /// Parses `unix:PATH`, `127.0.0.1:PORT`, `localhost:PORT` or `[::1]:PORT`.
  ///
  /// - Parameter description: the text to parse. For any other text, the result is nil.
  public init?(_ description: String) {
    if description.hasPrefix("unix:") {
      let path = String(description.dropFirst("unix:".count))
      guard !path.isEmpty, !path.contains("\0"), path.utf8.count <= Self.maximumPathSize else { return nil }
      self = .unix(path: path)
      return
    }
    guard let colon = description.lastIndex(of: ":"),
      let port = UInt16(description[description.index(after: colon)...]), port > 0
    else { return nil }
    switch description[..<colon] {
    case "127.0.0.1", "localhost": self = .loopback(port: port, isIPv6: false)
    case "[::1]": self = .loopback(port: port, isIPv6: true)
    default: return nil
    }
  }

  public var description: String {
    switch self {
    case .unix(let path): "unix:\(path)"
    case .loopback(let port, let isIPv6): "\(isIPv6 ? "[::1]" : "127.0.0.1"):\(port)"
    }
  }
}
