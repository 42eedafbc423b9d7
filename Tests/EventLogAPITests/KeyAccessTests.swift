import EventLog
import EventLogAccess
import HTTPCore
import HTTPTypes
import TestSupport
import Testing
import Text

@testable import EventLogAPI

/// Tests how visitors are known, without a web server.
struct KeyAccessTests {
  private let store: MemoryAccessStore
  private let key: KeyText
  private let access: KeyAccess

  init() async throws {
    store = MemoryAccessStore(log: MemoryEventStore())
    let asked = try NewKey(name: "ada", roles: [.read], source: "shop")
    key = try #require(try await store.makeKey(asked, by: nil)).text
    access = KeyAccess(
      store, anonymous: [.record], remoteUsers: RemoteUsers(everyone: [.status], named: ["eve": [.admin]]),
      cookies: SessionCookie(isSecure: false))
  }

  private func visitor(
    _ authorization: [String] = [], method: HTTPRequest.Method = .get, user: String? = nil,
    fields: HTTPFields = [:]
  ) async throws -> Visitor {
    var request = Request(method: method, target: try #require(RequestTarget(path: "/")), fields: fields)
    for value in authorization { request.fields.append(HTTPField(name: .authorization, value: value)) }
    request.remoteUser = user
    return try await access.visitor(of: request)
  }

  private func status(_ body: () async throws -> Visitor) async -> Int {
    do {
      _ = try await body()
      return 200
    } catch {
      return (error as? ProblemDetails)?.status.code ?? 0
    }
  }

  @Test func knowsAKeyByItsText() async throws {
    let expected = Visitor(name: "ada", roles: [.read], scope: "shop", by: .key)
    for scheme in ["Bearer", "bearer", "BEARER "] {
      #expect(try await visitor(["\(scheme) \(key.text.string)"]) == expected)
    }
  }

  @Test(arguments: [
    "Bearer", "Bearer ", "Bearer evl_x", "Basic YWRhOmFkYQ==", "Bearer a b", "Bearer a, Bearer b", "Bearer é",
    "Bearer \(String(repeating: "x", count: 600))", "",
  ])
  func refusesWhatIsNotOneKey(_ value: String) async throws {
    #expect(await status { try await visitor([value]) } == 401)
  }

  /// A stream that somebody left open would otherwise keep a session for ever.
  @Test func notesOnlyRequestsAsUses() async throws {
    var request = Request(method: .get, target: try #require(RequestTarget(path: "/events/stream")))
    request.fields[.authorization] = "Bearer \(key.text.string)"
    func lastUse() async throws -> Timestamp? {
      try await access.store.snapshot(maximumAge: .zero).keys.first { $0.name == "ada" }?.lastUsed
    }
    #expect(try await access.visitor(of: request, isNew: false).name == "ada")
    #expect(try await lastUse() == nil)
    _ = try await access.visitor(of: request)
    let used = try #require(try await lastUse())
    let id = SecretID()
    let ada = try #require(try await store.snapshot(maximumAge: .zero).key(named: "ada"))
    try await store.beginSession(id, with: ada, isRemembered: false)
    request.fields = [.cookie: "eventlog_session=\(id.text.string)"]
    try await Task.sleep(for: .milliseconds(2))
    #expect(try await access.visitor(of: request, isNew: false).means == .session)
    #expect(try await lastUse() == used)
    _ = try await access.visitor(of: request)
    #expect(try #require(try await lastUse()) > used)
  }

  /// Whoever logs in again leaves no session behind that nobody can end.
  @Test func endsTheSessionInWhosePlaceAnotherBegins() async throws {
    let earlier = SecretID()
    let ada = try #require(try await store.snapshot(maximumAge: .zero).key(named: "ada"))
    try await store.beginSession(earlier, with: ada, isRemembered: true)
    let cookie: HTTPFields = [.cookie: "eventlog_session=\(earlier.text.string)"]
    let request = Request(
      method: .post, target: try #require(RequestTarget(path: "/login")), fields: cookie)
    #expect(try await visitor(fields: cookie).name == "ada")
    _ = try await access.beginSession(with: ada, isRemembered: false, for: request)
    #expect(try await visitor(fields: cookie).name == nil)
  }

  /// A browser sends a password that it remembers with a form of any site.
  @Test func refusesAFormOfAUserThatDoesNotSayWhereItIsFrom() throws {
    func isConfirmed(_ type: String, _ fields: HTTPFields = [:]) throws -> Bool {
      var request = Request(
        method: .post, target: try #require(RequestTarget(path: "/events")), fields: fields)
      request.fields[.contentType] = type
      request.visitor = Visitor(name: "eve", roles: [.admin], by: .webServer)
      return (try? access.confirm(request)) != nil
    }
    let form = "application/x-www-form-urlencoded"
    #expect(try !isConfirmed(form))
    #expect(try isConfirmed(form, [.origin: "https://log.example"]))
    #expect(try isConfirmed(form, [.secFetchSite: "same-origin"]))
    #expect(try isConfirmed("application/json"))
  }

  @Test func refusesTwoKeys() async throws {
    let value = "Bearer \(key.text.string)"
    #expect(await status { try await visitor([value, value]) } == 401)
    #expect(await status { try await visitor(["\(value), \(value)"]) } == 401)
  }

  @Test func takesTheWebServersWordWhereNoKeyIsSent() async throws {
    #expect(try await visitor(user: "eve").roles == [.admin])
    #expect(
      try await visitor(["Basic x"], user: "carol")
        == Visitor(name: "carol", roles: [.status], by: .webServer))
    // A key is who somebody says they are.
    #expect(try await visitor(["Bearer \(key.text.string)"], user: "eve").name == "ada")
    #expect(await status { try await visitor(["Bearer evl_x"], user: "eve") } == 401)
    // What is no name would be recorded.
    for name in ["a\nb", " ", String(repeating: "x", count: 201)] {
      #expect(try await visitor(user: name).name == nil)
    }
  }

  @Test func letsSomebodyUnknownDoWhatTheOperatorSays() async throws {
    #expect(try await visitor() == Visitor(roles: [.record]))
    #expect(
      try await visitor(fields: [.cookie: "eventlog_session=\(String(repeating: "0", count: 64))"]).name
        == nil)
    #expect(try await visitor(fields: [.cookie: "eventlog_session=x"]).name == nil)
  }

  @Test func knowsASessionUntilItEnds() async throws {
    let (id, made) = (SecretID(), try #require(try await store.snapshot(maximumAge: .zero).key(named: "ada")))
    try await store.beginSession(id, with: made, isRemembered: false)
    let cookie: HTTPFields = [.cookie: "a=b; eventlog_session=\(id.text.string)"]
    #expect(
      try await visitor(fields: cookie) == Visitor(name: "ada", roles: [.read], scope: "shop", by: .session))
    // A browser says where a form comes from.
    #expect(await status { try await visitor(method: .post, fields: cookie) } == 403)
    var fields = cookie
    fields[.origin] = "https://log.example"
    #expect(try await visitor(method: .post, fields: fields).means == .session)
    fields.append(HTTPField(name: .cookie, value: "eventlog_session=\(id.text.string)"))
    #expect(await status { try await visitor(fields: fields) } == 400)
    _ = try await store.rotateKey(named: "ada", by: nil)
    #expect(try await visitor(fields: cookie).name == nil)
  }

  @Test func takesOnlyTokensOfTheSameSecret() {
    let (secret, other) = (SecretID().text, SecretID().text)
    let token = FormToken.make(from: secret)
    #expect(FormToken.isValid(Text(token), from: secret))
    #expect(token != FormToken.make(from: secret) && !token.contains(secret.string))
    #expect(!FormToken.isValid(Text(token), from: other))
    for wrong in [
      "", "0", String(token.dropLast()), token + "0", token.uppercased(), String(repeating: "0", count: 64),
    ] {
      #expect(!FormToken.isValid(Text(wrong), from: secret), "\(wrong)")
    }
    var changed = Array(token.utf8)
    for index in changed.indices {
      changed[index] = changed[index] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
      #expect(!FormToken.isValid(Text(String(decoding: changed, as: UTF8.self)), from: secret))
      changed = Array(token.utf8)
    }
  }

  @Test func slowsDownANetworkThatTriesManyKeys() throws {
    let limit = FailureLimit()
    let start = ContinuousClock.now
    func request(_ address: String?) throws -> Request {
      Request(target: try #require(RequestTarget(path: "/")), clientAddress: address)
    }
    for _ in 0..<20 { #expect(limit.count(try request("192.0.2.1"), at: start) == nil) }
    #expect(limit.count(try request("192.0.2.1"), at: start) == 5)
    #expect(limit.count(try request("192.0.2.2"), at: start) == nil)
    #expect(limit.count(try request(nil), at: start) == nil)
    // Somebody has a whole network of addresses of version 6.
    for number in 0..<20 { #expect(limit.count(try request("2001:db8::\(number)"), at: start) == nil) }
    #expect(limit.count(try request("2001:db8::ffff:1"), at: start) != nil)
    #expect(limit.count(try request("2001:db8:0:1::1"), at: start) == nil)
    // One more may be tried every five seconds, and never more than twenty at once.
    #expect(limit.count(try request("192.0.2.1"), at: start + .seconds(5)) == nil)
    #expect(limit.count(try request("192.0.2.1"), at: start + .seconds(5)) != nil)
    let later = start + .seconds(86_400)
    for _ in 0..<20 { #expect(limit.count(try request("192.0.2.1"), at: later) == nil) }
    #expect(limit.count(try request("192.0.2.1"), at: later) != nil)
  }

  @Test(arguments: [
    (false, "", "eventlog_session=x; Path=/; HttpOnly; SameSite=Lax"),
    (true, "", "__Host-eventlog_session=x; Path=/; HttpOnly; SameSite=Lax; Secure"),
    (true, "/log", "__Secure-eventlog_session=x; Path=/log/; HttpOnly; SameSite=Lax; Secure"),
  ])
  func namesItsCookieByWhatKeepsIt(_ isSecure: Bool, mount: String, expected: String) {
    let cookie = SessionCookie(isSecure: isSecure)
    #expect(cookie.field("x", .session, maximumAge: nil, mount: mount) == expected)
    #expect(cookie.field("", .session, maximumAge: 0, mount: mount).hasSuffix("Max-Age=0"))
  }
}
