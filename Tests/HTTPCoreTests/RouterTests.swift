import HTTPCore
import HTTPTypes
import Synchronization
import Testing

struct RouterTests {
  private let router = Router([
    Route(.get, "/") { _ in .text("root") },
    Route(.get, "/things") { _ in .text("list") },
    Route(.post, "/things", produces: .json) { _ in .text("json") },
    Route(.post, "/things", produces: .html) { _ in .text("html") },
    Route(.get, "/things/{id}") { request in .text(request.pathParameters["id"] ?? "") },
    Route(.delete, "/things/{id}") { _ throws(ProblemDetails) in
      throw ProblemDetails(.conflict, detail: "no", fields: [.retryAfter: "1"], cause: "secret")
    },
  ])

  private func respond(
    _ method: HTTPRequest.Method, _ path: String, accept: String? = nil
  ) async throws -> Response {
    var request = Request(method: method, target: try #require(RequestTarget(path: path)))
    request.fields[.accept] = accept
    return await router.respond(to: request)
  }

  @Test(arguments: [
    ("/", "root"), ("/things", "list"), ("/things/a%2Fb", "a/b"), ("/things/%7Bid%7D", "{id}"),
  ])
  func findsTheRoute(_ path: String, text: String) async throws {
    let response = try await respond(.get, path)
    #expect(response.status == .ok)
    #expect(response.text == text)
  }

  @Test(arguments: ["/nothing", "/things/", "/things/a/b", "//things", "/Things"])
  func answers404WhereThereIsNothing(_ path: String) async throws {
    #expect(try await respond(.get, path).status == .notFound)
    #expect(try await respond(.options, path).status == .notFound)
  }

  @Test func answers405WithTheMethodsThatThereAre() async throws {
    let response = try await respond(.put, "/things/1")
    #expect(response.status == .methodNotAllowed)
    #expect(response.fields[.allow] == "DELETE, GET, HEAD, OPTIONS")
  }

  @Test func answersOptionsWithTheMethodsThatThereAre() async throws {
    let response = try await respond(.options, "/things")
    #expect(response.status == .noContent)
    #expect(response.fields[.allow] == "GET, HEAD, OPTIONS, POST")
    #expect(response.text == "")
  }

  @Test(
    arguments: [
      ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true), ("text/html", true),
      ("application/json;q=0.5, text/html", true), ("text/html;q=0.5, application/json", false),
      ("application/problem+json, text/html;q=0.9", false), ("*/*", false), ("text/csv", false), (nil, false),
    ] as [(String?, Bool)])
  func showsAProblemAsAPageToWhomPrefersOne(_ accept: String?, isPage: Bool) async throws {
    let router = Router(
      [],
      problemPage: { problem, request in
        Response(problem.status, body: .bytes(Array("\(request.target.mount) \(problem.detail)".utf8)))
      })
    var request = Request(target: try #require(RequestTarget(mount: "/log", path: "/nothing")))
    request.fields[.accept] = accept
    let response = await router.respond(to: request)
    #expect(response.status == .notFound)
    #expect((response.text == "/log There is nothing at this path.") == isPage)
    #expect((response.fields[.contentType] == "application/problem+json") != isPage)
  }

  @Test func answersHeadAsGetWithoutTheBody() async throws {
    guard case .omitted(length: 4) = try await respond(.head, "/things").body else {
      Issue.record("the body is there")
      return
    }
    #expect(try await respond(.head, "/nothing").status == .notFound)
  }

  @Test(arguments: [(nil, "json"), ("*/*", "json"), ("text/html, */*;q=0.1", "html")] as [(String?, String)])
  func negotiatesTheRepresentation(_ accept: String?, text: String) async throws {
    #expect(try await respond(.post, "/things", accept: accept).text == text)
  }

  @Test func answers406AndTellsWhatThereIs() async throws {
    let response = try await respond(.post, "/things", accept: "image/png")
    #expect(response.status == .notAcceptable)
    #expect(response.text.contains("application/json"))
  }

  @Test func reportsCausesAndDoesNotShowThem() async throws {
    let reported = Mutex<[String]>([])
    let routes = [
      Route(.get, "/bad") { _ throws(ProblemDetails) in
        throw ProblemDetails(
          .serviceUnavailable, detail: "later", fields: [.retryAfter: "1"], cause: "secret")
      },
      Route(.get, "/plain") { _ throws(ProblemDetails) in throw ProblemDetails(.conflict, detail: "no") },
    ]
    let router = Router(
      routes,
      report: { request, response in
        reported.withLock { $0.append("\(request.id) \(response.cause ?? "")") }
      })
    for path in ["/bad", "/plain"] {
      let target = try #require(RequestTarget(path: path))
      let response = await router.respond(to: Request(target: target, id: "r1"))
      #expect(!response.text.contains("secret"))
    }
    #expect(reported.withLock(\.self) == ["r1 secret"])
  }
}

extension Response {
  static func text(_ text: String) -> Response {
    Response(.ok, body: .bytes(Array(text.utf8)))
  }

  var text: String {
    if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" }
  }
}
