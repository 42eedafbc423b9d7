import HTTPCore
import HTTPTypes
import TestSupport
import Testing

struct AccessPolicyTests {
  private static let routes = [
    Route(.get, "/", for: .read) { _ in .text("page") },
    Route(.post, "/", takes: [.form], for: .record) { _ in .text("recorded") },
    Route(.get, "/status", for: .status) { _ in .text("status") },
  ]

  private func status(
    _ policy: AccessPolicy, _ method: HTTPRequest.Method = .get, _ path: String = "/",
    fields: HTTPFields = [:],
    from address: String? = nil
  ) async throws -> Int {
    let request = Request(
      method: method, target: try #require(RequestTarget(path: path)), fields: fields, clientAddress: address)
    return await Router(Self.routes, policy: policy).respond(to: request).status.code
  }

  @Test(
    arguments: [
      (nil, 200), ("log.example", 200), ("LOG.example:8080", 200), ("other.example", 200),
      ("localhost:8080", 200),
      ("127.0.0.1:8080", 200), ("[::1]:8080", 200), ("evil.example", 421), ("log.example.evil.example", 421),
      ("localhost.evil.example", 421), ("log.example@evil.example", 421), ("ü", 421), ("a b", 421),
    ] as [(String?, Int)])
  func answers421ToAHostThatIsNotNamed(_ host: String?, expected: Int) async throws {
    let hosts = try ["log.example", "other.example"].map { try #require(Authority($0)).host }
    let policy = AccessPolicy(hosts: hosts)
    var fields = HTTPFields()
    fields[.host] = host
    #expect(try await status(policy, fields: fields) == expected)
    // It comes before everything else that may be wrong.
    #expect(try await status(policy, .put, "/nothing", fields: fields) == (expected == 200 ? 404 : 421))
    #expect(try await status(AccessPolicy(), fields: fields) == 200, "any host is the default")
  }

  @Test func answers421IfOnlyOneOfTwoHostsIsNamed() async throws {
    var fields: HTTPFields = [.host: "localhost"]
    fields.append(HTTPField(name: .host, value: "evil.example"))
    let policy = AccessPolicy(hosts: [try #require(Authority("log.example")).host])
    #expect(try await status(policy, fields: fields) == 421)
  }

  @Test(
    arguments: [
      ("/?key=evl_0123456789abcdef", 400), ("/?q=x%20evl%5F0123456789abcdef%20", 400),
      ("/evl_0123456789abcdef", 400),
      ("/?evl_0123456789abcdef", 400), ("/%65vl_0123456789abcdef/x", 400),
      ("/?q=evl_evl_0123456789abcdef", 400),
      ("/?q=evl_0123456789abcde", 200), ("/?q=evl_", 200), ("/?q=evl_+0123456789abcdef", 200), ("/?q=%", 200),
    ])
  func refusesASecretInAnAddressAndDoesNotLetItBeLogged(_ address: String, expected: Int) async throws {
    let parts = address.split(separator: "?", omittingEmptySubsequences: false).map(String.init)
    let target = try #require(
      RequestTarget(path: parts[0], query: parts.dropFirst().joined(separator: "?")))
    let policy = AccessPolicy(secretPrefix: "evl_")
    let response = await Router(Self.routes, policy: policy).respond(to: Request(target: target))
    #expect(response.status.code == expected)
    #expect(response.concealsTarget == (expected == 400))
    #expect(!response.text.contains("0123456789abcdef"))
    #expect(!(await Router(Self.routes).respond(to: Request(target: target))).concealsTarget)
  }

  @Test func comparesOriginsWithThePublicAddress() async throws {
    let policy = AccessPolicy(publicOrigin: Origin(ofURL: "https://log.example/eventlog"))
    var fields: HTTPFields = [.host: "backend", .contentType: "application/x-www-form-urlencoded"]
    fields[.origin] = "https://log.example"
    #expect(try await status(policy, .post, fields: fields) == 200)
    #expect(try await status(AccessPolicy(), .post, fields: fields) == 403)
    fields[.origin] = "http://log.example"
    #expect(try await status(policy, .post, fields: fields) == 403)
  }
}
