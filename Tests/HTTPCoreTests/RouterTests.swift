import HTTPCore
import HTTPTypes
import Synchronization
import TestSupport
import Testing
import Text

struct RouterTests {
  private let router = Router([
    Route(.get, "/", for: .read) { _ in .text("root") },
    Route(.get, "/things", for: .read) { _ in .text("list") },
    Route(.post, "/things", takes: [.json, .form], produces: .json, for: .record) { _ in .text("json") },
    Route(.post, "/things", takes: [.form], produces: .html, for: .record) { _ in .text("html") },
    Route(.get, "/things/{id}", for: .read) { request in .text(request.pathParameters["id"]?.string ?? "") },
    Route(.delete, "/things/{id}", for: .record) { _ throws(ProblemDetails) in
      throw ProblemDetails(.conflict, detail: "no", fields: [.retryAfter: "1"], cause: "secret")
    },
  ])

  private static let form = "application/x-www-form-urlencoded"

  private func respond(
    _ method: HTTPRequest.Method, _ path: String, accept: String? = nil, contentType: String? = nil,
    fields: HTTPFields = [:]
  ) async throws -> Response {
    var request = Request(method: method, target: try #require(RequestTarget(path: path)), fields: fields)
    request.fields[.accept] = accept
    request.fields[.contentType] = contentType
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

  @Test(arguments: [
    "/nothing", "/things/a/b", "/things/a/b/", "//nothing", "/nothing/", "//evil.example/", "/Things",
  ])
  func answers404WhereThereIsNothing(_ path: String) async throws {
    #expect(try await respond(.get, path).status == .notFound)
    #expect(try await respond(.options, path).status == .notFound)
  }

  @Test(arguments: [
    ("/things/", "/things"), ("//things", "/things"), ("//things///", "/things"),
    ("/things/a%2F/", "/things/a%2F"),
    ("/things//a?x=%2F&y=%C3%A9", "/things/a?x=%2F&y=%C3%A9"), ("//", "/"), ("///", "/"),
    ("//things/%2F%2Fevil.example", "/things/%2F%2Fevil.example"),
  ])
  func redirectsToThePathWithoutEmptySegments(_ target: String, location: String) async throws {
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    for mount in ["", "/log"] {
      for method in [HTTPRequest.Method.get, .head, .post, .options] {
        let target = try #require(
          RequestTarget(mount: mount, path: parts[0], query: parts.count > 1 ? parts[1] : ""))
        let response = await router.respond(to: Request(method: method, target: target))
        #expect(response.status == .permanentRedirect)
        #expect(response.fields[.location] == mount + location)
      }
    }
  }

  @Test func doesNotRedirectToAnAddressThatNoFieldHolds() async throws {
    let query = String(repeating: "x", count: 8000)
    let target = try #require(RequestTarget(path: "/things/", query: query))
    #expect(await router.respond(to: Request(target: target)).status == .notFound)
  }

  @Test func asksAMoreGeneralPathOnlyForOtherMethods() async throws {
    let router = Router([
      Route(.get, "/things/{id}", produces: .html, for: .read) { _ in .text("a thing") },
      Route(.delete, "/things/{id}", for: .record) { _ in .text("removed") },
      Route(.get, "/things/all", produces: .json, for: .read) { _ in .text("all things") },
    ])
    let target = try #require(RequestTarget(path: "/things/all"))
    let browser: HTTPFields = [.accept: "text/html,application/xhtml+xml,*/*;q=0.8"]
    #expect(await router.respond(to: Request(target: target, fields: browser)).text == "all things")
    #expect(await router.respond(to: Request(method: .delete, target: target)).text == "removed")
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
      Issue.record("the body was not omitted")
      return
    }
    #expect(try await respond(.head, "/nothing").status == .notFound)
  }

  @Test(arguments: [(nil, "json"), ("*/*", "json"), ("text/html, */*;q=0.1", "html")] as [(String?, String)])
  func negotiatesTheRepresentation(_ accept: String?, text: String) async throws {
    #expect(try await respond(.post, "/things", accept: accept, contentType: Self.form).text == text)
  }

  @Test func answers406AndTellsWhatThereIs() async throws {
    let response = try await respond(.post, "/things", accept: "image/png", contentType: Self.form)
    #expect(response.status == .notAcceptable)
    #expect(response.text.contains("application/json"))
  }

  @Test(
    arguments: [
      (nil, "json"), ("text/html, */*;q=0.1", "json"), ("text/html", "json"), ("application/json", "json"),
      ("image/png", "json"),
    ] as [(String?, String)])
  func answersByTheContentWhateverTheClientAccepts(_ accept: String?, text: String) async throws {
    let response = try await respond(.post, "/things", accept: accept, contentType: "application/json")
    #expect(response.status == .ok && response.text == text)
  }

  @Test(arguments: ["application/json", "application/json; charset=latin1", "text/plain", nil] as [String?])
  func neverShowsAPageToWhoPostsJSON(_ contentType: String?) async throws {
    let router = Router(
      [
        Route(.post, "/", takes: [.json], produces: .json, for: .record) { _ throws(ProblemDetails) in
          throw ProblemDetails(.conflict, detail: "no")
        }
      ], problemPage: { problem, _ in .text("page") })
    var request = Request(
      method: .post, target: try #require(RequestTarget(path: "/")), body: Array("{".utf8))
    request.fields[.accept] = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
    request.fields[.contentType] = contentType
    let response = await router.respond(to: request)
    #expect(response.status == (contentType == "application/json" ? .conflict : .unsupportedMediaType))
    #expect(response.fields[.contentType] == "application/problem+json")
    request.body = []
    request.fields[.contentType] = "application/x-www-form-urlencoded"
    #expect(await router.respond(to: request).text == "page")
  }

  @Test(arguments: [nil, "", "nonsense", "text/plain", "application/json; charset=latin1"] as [String?])
  func answers415WithWhatIsTaken(_ contentType: String?) async throws {
    let response = try await respond(.post, "/things", contentType: contentType)
    #expect(response.status == .unsupportedMediaType)
    #expect(response.fields[.accept] == "application/json, application/x-www-form-urlencoded")
  }

  @Test func asksForNoContentTypeWhereNoContentIsRead() async throws {
    #expect(try await respond(.get, "/things", contentType: "nonsense").status == .ok)
    #expect(try await respond(.delete, "/things/1").status == .conflict)
  }

  @Test func answers400ToDifferentContentTypes() async throws {
    var fields = HTTPFields()
    fields.append(HTTPField(name: .contentType, value: "application/json"))
    fields.append(HTTPField(name: .contentType, value: "text/plain"))
    let target = try #require(RequestTarget(path: "/things"))
    let response = await router.respond(to: Request(method: .post, target: target, fields: fields))
    #expect(response.status == .badRequest)
  }

  @Test(
    arguments: [
      (.get, .ok), (.head, .ok), (.options, .noContent), (.post, .forbidden), (.put, .methodNotAllowed),
    ] as [(HTTPRequest.Method, HTTPResponse.Status)])
  func refusesOnlyUnsafeMethodsToOtherSites(
    _ method: HTTPRequest.Method, status: HTTPResponse.Status
  ) async throws {
    let response = try await respond(
      method, "/things", contentType: Self.form, fields: [.secFetchSite: "cross-site"])
    #expect(response.status == status)
  }

  @Test func refusesInTheOrderOfTheStatuses() async throws {
    // Each request is also wrong in every way that is checked later.
    let wrong: HTTPFields = [.secFetchSite: "cross-site"]
    func status(
      _ method: HTTPRequest.Method, _ path: String, contentType: String, fields: HTTPFields
    ) async throws -> Int {
      try await respond(method, path, accept: "image/png", contentType: contentType, fields: fields).status
        .code
    }
    #expect(try await status(.put, "/nothing", contentType: "text/plain", fields: wrong) == 404)
    #expect(try await status(.put, "/things", contentType: "text/plain", fields: wrong) == 405)
    #expect(try await status(.post, "/things", contentType: "text/plain", fields: wrong) == 403)
    #expect(try await status(.post, "/things", contentType: "text/plain", fields: [:]) == 415)
    #expect(try await status(.post, "/things", contentType: Self.form, fields: [:]) == 406)
  }

  @Test(arguments: [("/a/b", "json"), ("/a/c", "other"), ("/a/", nil)] as [(String, String?)])
  func prefersTheFirstOfTheRoutesThatSuitAPath(_ path: String, text: String?) async throws {
    let router = Router([
      Route(.post, "/a/{x}", for: .record) { _ in .text("post") },
      Route(.get, "/a/b", produces: .json, for: .read) { _ in .text("json") },
      Route(.get, "/a/{x}", produces: .json, for: .read) { _ in .text("other") },
      Route(.get, "/a/{x}", produces: .html, for: .read) { request in
        .text(request.pathParameters["x"]?.string ?? "")
      },
    ])
    func respond(_ method: HTTPRequest.Method, _ accept: String) async throws -> Response {
      let target = try #require(RequestTarget(path: path))
      return await router.respond(to: Request(method: method, target: target, fields: [.accept: accept]))
    }
    let response = try await respond(.get, "*/*")
    #expect(response.status == (text == nil ? .notFound : .ok))
    guard let text else { return }
    #expect(response.text == text)
    // A path of its own is never shown by the routes of a more general one.
    let page = try await respond(.get, "text/html")
    if text == "other" {
      #expect(page.text == "c")
    } else {
      #expect(page.status == .notAcceptable)
    }
    #expect(try await respond(.options, "*/*").fields[.allow] == "GET, HEAD, OPTIONS, POST")
  }

  @Test func reportsCausesAndDoesNotShowThem() async throws {
    let reported = Mutex<[String]>([])
    let routes = [
      Route(.get, "/bad", for: .everyone) { _ throws(ProblemDetails) in
        throw ProblemDetails(
          .serviceUnavailable, detail: "later", fields: [.retryAfter: "1"], cause: "secret")
      },
      Route(.get, "/plain", for: .everyone) { _ throws(ProblemDetails) in
        throw ProblemDetails(.conflict, detail: "no")
      },
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
