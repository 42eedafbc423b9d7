import HTTPCore
import HTTPTypes
import TestSupport
import Testing

struct OpenAccessTests {
  private static let routes = [
    Route(.get, "/", for: .read) { _ in .text("page") },
    Route(.get, "/status", for: .status) { _ in .text("status") },
    Route(.get, "/keys", for: .admin) { _ in .text("keys") },
  ]

  private func status(
    _ method: HTTPRequest.Method, _ path: String, from address: String?, operators: [IPAddress] = []
  ) async throws -> Int {
    let target = try #require(RequestTarget(path: path))
    let request = Request(method: method, target: target, clientAddress: address)
    let router = Router(Self.routes, authenticator: OpenAccess(operators: operators))
    return await router.respond(to: request).status.code
  }

  @Test(
    arguments: [
      ("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 200), ("::ffff:192.0.2.7", 200), ("2001:DB8:0::1", 200),
      ("192.0.2.8", 403), ("2001:db8::2", 403), ("unix:", 403), ("", 403), (nil, 403),
    ] as [(String?, Int)])
  func showsTheStatusOnlyToOperators(_ address: String?, expected: Int) async throws {
    let operators = [try #require(IPAddress("192.0.2.7")), try #require(IPAddress("2001:db8::1"))]
    #expect(try await status(.get, "/status", from: address, operators: operators) == expected)
    #expect(try await status(.head, "/status", from: address, operators: operators) == expected)
    #expect(try await status(.get, "/", from: address) == 200, "everyone may use the rest")
  }

  @Test func letsNobodyDoWhatOnlyAnAdministratorMay() async throws {
    #expect(try await status(.get, "/keys", from: "127.0.0.1") == 403)
  }
}
