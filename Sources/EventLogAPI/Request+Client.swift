public import EventLog
import Glibc
public import HTTPCore

extension Request {
  /// The client, for stores that share themselves among clients: its IPv4 address or, since one client usually has a
  /// whole network of them, the first 64 bits of its IPv6 address (RFC 6177). Nil if the web server does not tell.
  public var client: Client? {
    guard let clientAddress else { return nil }
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, clientAddress, &bytes) == 1 { return Client(network: Array(bytes.prefix(4))) }
    guard inet_pton(AF_INET6, clientAddress, &bytes) == 1 else { return nil }
    // An IPv4 address in an IPv6 address (RFC 4291 section 2.5.5.2) is the same client.
    let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
    return Client(network: Array(bytes.starts(with: mapped) ? bytes.suffix(4) : bytes.prefix(8)))
  }
}
