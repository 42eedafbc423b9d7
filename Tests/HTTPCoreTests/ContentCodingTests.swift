import HTTPCore
import HTTPTypes
import Testing
import Text

/// Content that is sent in a coding reaches its handler decoded.
struct ContentCodingTests {
  /// A coding that turns the content around.
  private static let backwards = ContentCoding(["backwards", "x-backwards"]) { body throws(ProblemDetails) in
    if body.isEmpty { throw ProblemDetails(.badRequest, detail: "There is nothing.") }
    return body.reversed()
  }

  private static func post(_ codings: [String], _ body: String = "}{", takes: [MediaType] = [.json])
    async throws
    -> Response
  {
    let route = Route(.post, "/echo", takes: takes, for: .everyone) { request in
      Response(.ok, fields: request.fields, body: .bytes(request.body))
    }
    let router = Router([route], codings: [backwards])
    var fields: HTTPFields = [.contentType: "application/json"]
    for coding in codings { fields.append(HTTPField(name: .contentEncoding, value: coding)) }
    let target = try #require(RequestTarget(mount: "", path: "/echo", query: ""))
    return await router.respond(
      to: Request(method: .post, target: target, fields: fields, body: Array(body.utf8)))
  }

  private static func text(_ response: Response) -> String? {
    guard case .bytes(let bytes) = response.body else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [
    ([], "}{"), (["identity"], "}{"), (["", " , identity"], "}{"), (["backwards"], "{}"),
    (["X-Backwards"], "{}"),
    (["identity, backwards"], "{}"), (["identity", "BACKWARDS"], "{}"),
  ])
  func isDecoded(_ codings: [String], _ content: String) async throws {
    let response = try await Self.post(codings)
    #expect(response.status == .ok && Self.text(response) == content)
    #expect(response.fields[.contentEncoding] == nil)
  }

  @Test(arguments: ["br", "x", "backwards, br", "backwards;q=1"])
  func isRefusedInAnyOtherCoding(_ coding: String) async throws {
    let response = try await Self.post([coding])
    #expect(response.status == .unsupportedMediaType)
    #expect(response.fields[.acceptEncoding] == "backwards, identity" && response.fields[.accept] == nil)
  }

  @Test(arguments: [["backwards, backwards"], ["backwards", "x-backwards"]])
  func isRefusedWhenItWasEncodedTwice(_ codings: [String]) async throws {
    #expect(try await Self.post(codings).status == .badRequest)
  }

  @Test func tellsWhatTheCodingCannotDecode() async throws {
    #expect(try await Self.post(["backwards"], "").status == .badRequest)
  }
}
