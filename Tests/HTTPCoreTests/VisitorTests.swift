import HTTPCore
import HTTPTypes
import TestSupport
import Testing
import Text

/// Tells visitors apart by the field `From`, whose value is their only role.
private struct ByFrom: Authenticator {
  let tellsVisitorsApart = true

  func visitor(of request: Request, isNew: Bool) async throws(ProblemDetails) -> Visitor {
    if request.fields.contains(.cookie) { throw ProblemDetails(.badRequest, detail: "a cookie") }
    let roles = request.fields[.from].flatMap(Role.init(rawValue:)).map { [$0] } ?? []
    return Visitor(roles: Set(roles))
  }

  func confirm(_ request: Request) throws(ProblemDetails) {
    if request.body == Array("forged".utf8) { throw ProblemDetails(.forbidden, detail: "forged") }
  }

  func refusal(of visitor: Visitor, lacking role: Role) -> ProblemDetails {
    ProblemDetails(visitor.roles.isEmpty ? .unauthorized : .forbidden, detail: role.rawValue)
  }
}

extension HTTPField.Name {
  // The literal is a token.
  // swift-format-ignore: NeverForceUnwrap
  fileprivate static let from = HTTPField.Name("From")!
}

/// Tests what the router does with what an authenticator says.
struct VisitorTests {
  private static let origin = "https://app.example"
  private let router: Router

  init() throws {
    let policy = AccessPolicy(allowedOrigins: [try #require(Origin(Self.origin))])
    router = Router(
      [
        Route(.get, "/", for: .everyone) { request in .text("\(request.visitor.roles.count)") },
        Route(.get, "/list", produces: .json, for: .read) { _ in
          Response(.ok, fields: [.cacheControl: "no-cache", .vary: "Accept"])
        },
        Route(.get, "/list", produces: .html, for: .read) { _ in .text("page") },
        Route(.post, "/list", takes: [.json], for: .record) { request in
          Response(.created, fields: [.cacheControl: "public, max-age=5"], body: .bytes(request.body))
        },
        Route(.get, "/keys", for: .admin) { _ in Response(.notModified, fields: [.cacheControl: "no-store"])
        },
      ], policy: policy, authenticator: ByFrom())
  }

  private func respond(
    _ method: HTTPRequest.Method = .get, _ path: String, as role: String? = nil, fields: HTTPFields = [:],
    body: String = ""
  ) async throws -> Response {
    var request = Request(method: method, target: try #require(RequestTarget(path: path)), fields: fields)
    request.fields[.from] = role
    request.body = Array(body.utf8)
    if method == .post, request.fields[.contentType] == nil {
      request.fields[.contentType] = "application/json"
    }
    return await router.respond(to: request)
  }

  @Test(
    arguments: [
      (nil, [200, 401, 401, 401]), ("read", [200, 200, 403, 403]), ("record", [200, 403, 201, 403]),
      ("status", [200, 403, 403, 403]), ("admin", [200, 200, 201, 304]), ("everyone", [200, 403, 403, 403]),
    ] as [(String?, [Int])])
  func refusesWhoeverLacksTheRole(_ role: String?, expected: [Int]) async throws {
    let requests: [(HTTPRequest.Method, String)] = [
      (.get, "/"), (.get, "/list"), (.post, "/list"), (.get, "/keys"),
    ]
    for ((method, path), status) in zip(requests, expected) {
      #expect(try await respond(method, path, as: role).status.code == status, "\(method) \(path)")
      if method == .get { #expect(try await respond(.head, path, as: role).status.code == status) }
    }
  }

  @Test func decidesWhoMayBeforeItLooksAtTheContentOrNegotiates() async throws {
    #expect(try await respond(.post, "/list", fields: [.contentType: "text/csv"]).status == .unauthorized)
    #expect(
      try await respond(.post, "/list", as: "record", fields: [.contentType: "text/csv"]).status
        == .unsupportedMediaType)
    #expect(try await respond(.get, "/list", fields: [.accept: "image/png"]).status == .unauthorized)
    #expect(
      try await respond(.get, "/list", as: "read", fields: [.accept: "image/png"]).status == .notAcceptable)
    // There is no secret in which paths and methods there are.
    #expect(try await respond(.get, "/nothing").status == .notFound)
    #expect(try await respond(.put, "/list").status == .methodNotAllowed)
  }

  @Test func asksNobodyWhoUsesWhatIsOpenToEveryone() async throws {
    #expect(try await respond(.get, "/", as: "admin", fields: [.cookie: "a=b"]).text == "0")
    #expect(try await respond(.get, "/list", as: "admin", fields: [.cookie: "a=b"]).status == .badRequest)
  }

  @Test func refusesContentThatDoesNotShowThatItIsMeant() async throws {
    #expect(try await respond(.post, "/list", as: "record", body: "forged").status == .forbidden)
    #expect(try await respond(.post, "/list", as: "record", body: "meant").text == "meant")
  }

  @Test func keepsSharedCachesFromMixingVisitors() async throws {
    let list = try await respond(.get, "/list", as: "read")
    #expect(list.fields[.cacheControl] == "private, no-cache")
    #expect(list.fields[.vary] == "Accept, Origin, Cookie, Authorization")
    #expect(
      try await respond(.get, "/list", as: "read", fields: [.accept: "text/html"]).fields[.cacheControl]
        == "private, no-cache")
    #expect(try await respond(.post, "/list", as: "record").fields[.cacheControl] == "private, max-age=5")
    #expect(try await respond(.get, "/keys", as: "admin").fields[.cacheControl] == "no-store")
    for (path, role) in [("/", nil), ("/list", nil), ("/nothing", nil), ("/keys", "admin"), ("//list", nil)] {
      let vary = try await respond(.get, path, as: role).fields[.vary] ?? ""
      #expect(vary.hasSuffix("Origin, Cookie, Authorization"), "\(path)")
    }
  }

  @Test func answersAPreflightWithoutAKey() async throws {
    let fields: HTTPFields = [.origin: Self.origin, .accessControlRequestMethod: "POST"]
    let preflight = try await respond(.options, "/list", fields: fields)
    #expect(preflight.status == .noContent)
    #expect(preflight.fields[.accessControlAllowOrigin] == Self.origin)
    #expect(preflight.fields[.accessControlAllowMethods] == "GET, HEAD, OPTIONS, POST")
    #expect(
      preflight.fields[.accessControlAllowHeaders]
        == "Authorization, Content-Type, Last-Event-ID, Idempotency-Key")
    #expect(preflight.fields[.accessControlMaxAge] == "600")
    #expect(preflight.fields[.accessControlAllowCredentials] == nil)
  }

  @Test func tellsWhoeverAsksForTheMethodsWithoutAPreflight() async throws {
    let response = try await respond(.options, "/list", fields: [.origin: Self.origin])
    #expect(response.fields[.allow] == "GET, HEAD, OPTIONS, POST")
    #expect(response.fields[.accessControlAllowMethods] == nil)
  }

  @Test(arguments: [
    "https://app.example.evil.example", "http://app.example", "https://app.example:8443", "null", "*",
    "https://app.example, https://evil.example", "https://evil.example",
  ])
  func tellsOtherOriginsNothing(_ origin: String) async throws {
    let fields: HTTPFields = [.origin: origin, .accessControlRequestMethod: "POST"]
    for method in [HTTPRequest.Method.options, .get] {
      let response = try await respond(method, "/list", as: "read", fields: fields)
      #expect(response.fields[.accessControlAllowOrigin] == nil)
      #expect(response.fields[.vary]?.contains("Origin") == true)
    }
  }

  @Test func sharesEvenProblemsWithAnAllowedOrigin() async throws {
    for path in ["/list", "/nothing", "/"] {
      let response = try await respond(.get, path, fields: [.origin: Self.origin])
      #expect(response.fields[.accessControlAllowOrigin] == Self.origin)
      #expect(
        response.fields[.accessControlExposeHeaders] == "Link, Location, ETag, Retry-After, X-Request-Id")
    }
  }

  @Test(
    arguments: [
      ([.authorization: "Bearer x"], 201), ([:], 403), ([.authorization: "Basic x"], 403),
      ([.authorization: "Bearer x", .cookie: "a=b"], 403),
    ] as [(HTTPFields, Int)])
  func letsAScriptOfAnAllowedOriginRecordOnlyWithAKeyAndNoCookie(_ fields: HTTPFields, expected: Int)
    async throws
  {
    var fields = fields
    fields[.origin] = Self.origin
    #expect(try await respond(.post, "/list", as: "record", fields: fields).status.code == expected)
    fields[.secFetchSite] = "cross-site"
    #expect(try await respond(.post, "/list", as: "record", fields: fields).status.code == expected)
    fields[.origin] = "https://evil.example"
    #expect(try await respond(.post, "/list", as: "record", fields: fields).status == .forbidden)
  }
}
