import HTTPCore
import Testing

/// Tests of hosts, addresses and origins.
struct AuthorityTests {
  @Test(
    arguments: [
      ("log.example", nil), ("log.example:8080", 8080), ("LOG.example:", nil), ("127.0.0.1:80", 80),
      ("[::1]", nil),
      ("[::1]:65535", 65535), ("localhost:08", 8),
    ] as [(String, UInt16?)])
  func readsAHostAndItsPort(_ text: String, port: UInt16?) throws {
    #expect(try #require(Authority(text)).port == port)
  }

  @Test(arguments: [
    "", ":80", "a:b", "a:80:80", "a:65536", "a:000080", "a:+1", "a b", "a,b", "a/b", "me@a", "ä.example",
    "a\u{0}",
    "[::1", "::1", "[::1]x", "[::1]80", "[127.0.0.1]", "[::g]", "[fe80::1%eth0]", "[]", "[[::1]]",
    String(repeating: "a", count: 254),
  ])
  func refusesWhatIsNoAuthority(_ text: String) {
    #expect(Authority(text) == nil)
  }

  @Test(arguments: [
    ("LOG.example", "log.Example"), ("[::1]", "[0:0:0:0:0:0:0:1]"), ("[2001:DB8::1]", "[2001:db8:0::1]"),
    ("[::ffff:192.0.2.1]", "192.0.2.1"),
  ])
  func takesSpellingsOfAHostForTheSame(_ one: String, other: String) {
    #expect(Authority(one) != nil && Authority(one) == Authority(other))
  }

  @Test(arguments: [
    ("localhost", true), ("LocalHost:8080", true), ("127.0.0.1", true), ("203.0.113.9", true),
    ("[2001:db8::1]:1", true),
    ("localhost.example", false), ("127.0.0.1.example", false), ("127.1", false), ("log.example", false),
  ])
  func knowsWhichHostsNoNameServerDecides(_ text: String, isLiteral: Bool) throws {
    #expect(try #require(Authority(text)).host.isLiteral == isLiteral)
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("127.255.0.3", true), ("::1", true), ("::ffff:127.0.0.1", true),
    ("0:0:0:0:0:0:0:1", true),
    ("128.0.0.1", false), ("::2", false), ("1::1", false), ("203.0.113.9", false), ("::ffff:8.8.8.8", false),
  ])
  func knowsTheAddressesOfTheMachineItself(_ text: String, isLoopback: Bool) throws {
    #expect(try #require(IPAddress(text)).isLoopback == isLoopback)
  }

  @Test(arguments: ["", "1.2.3", "1.2.3.4 ", "1.2.3.4:80", "[::1]", "unix:", "a", "::1\u{0}x", "01.2.3.4.5"])
  func refusesWhatIsNoAddress(_ text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test(arguments: [
    ("https://log.example/eventlog", "https://log.example"),
    ("https://log.example", "https://log.example:443"),
    ("http://LOG.example:80/a/b/", "http://log.example"), ("http://[::1]:8080/", "http://[::1]:8080"),
  ])
  func readsTheOriginOfAURL(_ url: String, origin: String) {
    #expect(Origin(ofURL: url) != nil && Origin(ofURL: url) == Origin(origin))
  }

  @Test(arguments: [
    "", "log.example", "log.example/eventlog", "ftp://log.example", "https:/log.example", "https:///eventlog",
    "https://log.example?a", "https://log.example/#a", "https://me@log.example/", "https://log example/",
  ])
  func refusesWhatIsNoURLOfTheWeb(_ url: String) {
    #expect(Origin(ofURL: url) == nil)
  }
}
