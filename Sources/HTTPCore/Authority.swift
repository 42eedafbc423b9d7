import Text

/// A host and perhaps a port, as a request's `Host` field has them (RFC 9110 section 7.2).
public struct Authority: Hashable, Sendable {
  /// The host of a URI (RFC 3986 section 3.2.2).
  public enum Host: Hashable, Sendable {
    /// A name in lower-case ASCII.
    case name(String)
    case address(IPAddress)

    /// Whether no name server of somebody else can make this host lead here: it is `localhost` or an address.
    public var isLiteral: Bool {
      switch self {
      case .name(let name): name == "localhost"
      case .address: true
      }
    }
  }

  public let host: Host
  /// The port; nil where the scheme's default applies.
  public let port: UInt16?

  /// Reads an authority; fails when the text is none, or has user information.
  ///
  /// - Parameter text: the authority, such as `log.example`, `127.0.0.1:8080` or `[::1]:8080`.
  public init?(_ text: String) {
    self.init(text.utf8[...])
  }

  /// Reads an authority from bytes.
  init?(_ text: Substring.UTF8View) {
    let isBracketed = text.first == UInt8(ascii: "[")
    let hostEnd =
      isBracketed
      ? text.firstIndex(of: UInt8(ascii: "]")).map(text.index(after:))
      : text.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
    guard let hostEnd, let host = Host(text[..<hostEnd]) else { return nil }
    self.host = host
    let rest = text[hostEnd...]
    guard !rest.isEmpty else {
      port = nil
      return
    }
    guard rest.first == UInt8(ascii: ":"), rest.count <= 6 else { return nil }
    let digits = rest.dropFirst()
    guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
    port = UInt16(Substring(digits))
    // A colon without a port means the same as no colon (RFC 3986 section 3.2.3).
    if port == nil && !digits.isEmpty { return nil }
  }
}

extension Authority.Host {
  /// The longest name that there can be, in bytes (RFC 1035 section 2.3.4).
  private static let maximumSize = 253

  /// Reads a host; fails when the bytes are none.
  ///
  /// - Parameter text: a name, an IPv4 address, or an IPv6 address in brackets.
  init?(_ text: Substring.UTF8View) {
    guard let first = text.first, text.count <= Self.maximumSize else { return nil }
    if first == UInt8(ascii: "[") {
      guard text.last == UInt8(ascii: "]"), text.contains(UInt8(ascii: ":")),
        let address = IPAddress(String(Substring(text.dropFirst().dropLast())))
      else { return nil }
      self = .address(address)
      return
    }
    guard text.allSatisfy(Self.isAllowed) else { return nil }
    let name = Text(String(Substring(text))).lowercasedASCII.string
    self = IPAddress(name).map(Self.address) ?? .name(name)
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "A"..."Z", "a"..."z", "0"..."9", "-", ".", "_": true
    default: false
    }
  }
}
