import Glibc

/// The network address of a machine: IPv4 or IPv6.
///
/// An IPv4 address that is written as an IPv6 one (`::ffff:127.0.0.1`, RFC 4291 section 2.5.5.2) is the IPv4 address.
public struct IPAddress: Hashable, Sendable {
  /// The longest text of an address, in bytes.
  private static let maximumSize = Int(INET6_ADDRSTRLEN) - 1
  private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

  /// The address in network byte order, in 4 or 16 bytes.
  private let bytes: [UInt8]

  /// Reads an address; fails when the text is none.
  ///
  /// - Parameter text: the address, such as `192.0.2.1` or `2001:db8::1`, without brackets, a port or a zone.
  public init?(_ text: String) {
    guard text.utf8.count <= Self.maximumSize, !text.utf8.contains(0) else { return nil }
    if let bytes = Self.bytes(of: text, AF_INET, count: 4) {
      self.bytes = bytes
    } else if let bytes = Self.bytes(of: text, AF_INET6, count: 16) {
      self.bytes = bytes.starts(with: Self.mappedPrefix) ? Array(bytes.suffix(4)) : bytes
    } else {
      return nil
    }
  }

  /// Whether the address is that of the machine itself: `127.0.0.0/8` or `::1`.
  public var isLoopback: Bool {
    bytes.count == 4 ? bytes[0] == 127 : bytes.last == 1 && bytes.dropLast().allSatisfy { $0 == 0 }
  }

  /// The bytes of the part of the address that one client usually has for itself: all of an IPv4 address, and the first
  /// 64 bits of an IPv6 address (RFC 6177).
  public var network: [UInt8] { bytes.count == 4 ? bytes : Array(bytes.prefix(8)) }

  private static func bytes(of text: String, _ family: Int32, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return inet_pton(family, text, &bytes) == 1 ? bytes : nil
  }
}
