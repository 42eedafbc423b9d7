import EventLog
import EventLogAPI
import HTTPCore
import Testing

/// These tests show which addresses are the same client.
struct RequestClientTests {
  private func client(_ address: String?) throws -> Client? {
    Request(target: try #require(RequestTarget(path: "/")), clientAddress: address).client
  }

  @Test func isAnIPv4Address() throws {
    #expect(try client("192.0.2.1") == client("192.0.2.1"))
    #expect(try client("192.0.2.1") != client("192.0.2.2"))
    #expect(try client("192.0.2.1") == client("::ffff:192.0.2.1"))
    #expect(try client("::ffff:192.0.2.2") != client("::ffff:192.0.2.1"))
  }

  @Test func isANetworkOfIPv6Addresses() throws {
    #expect(try client("2001:db8::1") == client("2001:db8:0:0:ffff:ffff:ffff:ffff"))
    #expect(try client("2001:db8::1") != client("2001:db8:0:1::1"))
  }

  @Test(arguments: [nil, "", "unix:", "localhost", "192.0.2.1 ", "192.0.2.256", "2001:db8::1%eth0"])
  func isUnknownWhereTheWebServerPassesNoAddress(_ address: String?) throws {
    #expect(try client(address) == nil)
  }
}
