import EventLog
import EventLogAPI
import EventLogAccess
import HTTPCore
import HTTPTypes
import Testing
import Text

/// Tests of `/views`.
struct ViewsAPITests {
  private let api = APIUnderTest(store: MemoryEventStore())
  private let content = #"{"query":"declined since:24h","columns":["id","data.n"]}"#
  private let view = #"{"name":"a","query":"declined since:24h","columns":["id","data.n"]}"# + "\n"

  private func put(_ name: String, _ content: String) async throws -> Response {
    try await api.respond(
      .put, "/views/\(name)", fields: [.contentType: "application/json"], body: content.utf8)
  }

  @Test func savesAViewAndReplacesIt() async throws {
    let first = try await put("a", content)
    #expect(first.status == .created && first.fields[.location] == "/views/a")
    #expect(try await first.bytes() == Array(view.utf8))
    let second = try await put("a", #"{"query":"x"}"#)
    #expect(second.status == .ok && second.fields[.location] == nil)
    #expect(try await api.get("/views/a").bytes() == Array((#"{"name":"a","query":"x"}"# + "\n").utf8))
    // What was received can be sent.
    #expect(try await put("a", view).status == .ok)
  }

  @Test func listsViewsByName() async throws {
    #expect(try await api.get("/views").bytes() == Array("[]\n".utf8))
    for name in ["b", "a%20c", "a"] { #expect(try await put(name, "{}").status == .created) }
    #expect(try await api.get("/views").events().compactMap { $0["name"] as? String } == ["a", "a c", "b"])
    #expect(
      try await api.respond(.put, "/views/a%20c", fields: [.contentType: "application/json"], body: "{}".utf8)
        .status == .ok)
  }

  @Test func removesAView() async throws {
    _ = try await put("a", "{}")
    #expect(try await api.respond(.delete, "/views/a").status == .noContent)
    #expect(try await api.respond(.delete, "/views/a").status == .notFound)
    #expect(try await api.get("/views/a").status == .notFound)
  }

  @Test func sendsNothingThatTheClientHas() async throws {
    let tag = try #require(try await put("a", content).fields[.eTag])
    for path in ["/views", "/views/a"] {
      let response = try await api.get(path)
      let own = try #require(response.fields[.eTag])
      #expect(response.fields[.cacheControl] == "no-cache")
      #expect(try await api.respond(.get, path, fields: [.ifNoneMatch: own]).status == .notModified)
    }
    #expect(try await api.get("/views/a").fields[.eTag] == tag)
    _ = try await put("a", "{}")
    #expect(try await api.respond(.get, "/views/a", fields: [.ifNoneMatch: tag]).status == .ok)
  }

  @Test(arguments: [
    ("a", #"{"query":"type:foo"}"#, ["#/query"]), ("a", #"{"columns":["id","x"]}"#, ["#/columns/1"]),
    ("a", "[]", ["#"]), ("a", #"{"x":1}"#, ["#/x"]), ("a%2Fb", "{}", ["#/name"]), (".a", "{}", ["#/name"]),
    (String(repeating: "n", count: 65), "{}", ["#/name"]),
  ])
  func refusesWhatIsNoView(_ name: String, _ content: String, places: [String]) async throws {
    let response = try await put(name, content)
    #expect(response.status == .unprocessableContent)
    #expect(try await response.places() == places)
    #expect(try await api.get("/views").bytes() == Array("[]\n".utf8))
  }

  @Test func refusesContentThatIsNoJSON() async throws {
    #expect(try await put("a", "{").status == .badRequest)
    #expect(
      try await api.respond(.put, "/views/a", fields: [.contentType: "text/plain"], body: "{}".utf8).status
        == .unsupportedMediaType)
    #expect(try await api.respond(.post, "/views/a").status == .methodNotAllowed)
  }

  @Test func refusesMoreThanTheMost() async throws {
    for number in 0..<ViewSaving.maximumCount {
      #expect(try await put("v\(number)", "{}").status == .created)
    }
    #expect(try await put("w", "{}").status == .conflict)
    #expect(try await put("v1", content).status == .ok)
  }

  @Test func belongToTheirKeys() async throws {
    let keys = MemoryAccessStore(log: MemoryEventStore())
    let access = KeyAccess(
      keys, anonymous: [.read], remoteUsers: RemoteUsers(everyone: [.read]),
      cookies: SessionCookie(isSecure: false))
    let router = Router(ViewsAPI(SavedViews(MemoryViewStore(), access: access)).routes, authenticator: access)
    let texts = try await ["a", "b"].asyncMap { name in
      try #require(try await keys.makeKey(try NewKey(name: name, roles: [.read]), by: nil)).text.text.string
    }
    func send(_ method: HTTPRequest.Method, key: String? = nil, user: String? = nil) async throws -> Int {
      var request = Request(
        method: method, target: try #require(RequestTarget(path: "/views/v")),
        fields: [.contentType: "application/json"], body: Array("{}".utf8))
      if let key { request.fields[.authorization] = "Bearer \(key)" }
      request.remoteUser = user
      return await router.respond(to: request).status.code
    }
    #expect(try await send(.put, key: texts[0]) == 201)
    #expect(try await send(.get, key: texts[0]) == 200)
    #expect(try await send(.get, key: texts[1]) == 404)
    #expect(try await send(.get, user: "a") == 404)
    #expect(try await send(.put, user: "a") == 201)
    #expect(try await send(.delete, key: texts[1]) == 404)
    // Somebody unknown may look, but nothing is theirs to change.
    #expect(try await send(.get) == 404)
    #expect(try await send(.put) == 401)
    #expect(try await send(.delete) == 401)
    #expect(try await send(.delete, user: "a") == 204)
    #expect(try await send(.get, key: texts[0]) == 200)
  }
}

extension Array {
  fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await body(element)) }
    return values
  }
}
