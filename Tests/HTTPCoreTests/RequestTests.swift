import HTTPCore
import HTTPTypes
import Testing
import Text

struct RequestTests {
  private func request(_ fields: HTTPFields = [:], path: String = "/", query: String = "") throws -> Request {
    Request(method: .post, target: try #require(RequestTarget(path: path, query: query)), fields: fields)
  }

  private func status(_ body: () throws -> Void) -> HTTPResponse.Status? {
    do {
      try body()
      return nil
    } catch {
      return (error as? ProblemDetails)?.status
    }
  }

  @Test(arguments: ["/%", "/%ff", "/a%00"])
  func hasNoTargetWithABrokenPath(_ path: String) {
    #expect(RequestTarget(path: path) == nil)
  }

  /// A target is written to logs and to terminals.
  @Test func isWrittenInPrintableASCIIWhateverItIs() throws {
    let target = try #require(
      RequestTarget(mount: "/a", path: "/%0A%1B%5B31m%C3%A9/%2F", query: "x=\n\u{1B}[31m \u{7F}\u{E9}&y=%0A~")
    )
    #expect(target.description == "/a/%0A%1B%5B31m%C3%A9/%2F?x=%0A%1B[31m%20%7F%C3%A9&y=%0A~")
  }

  @Test func readsTheQuery() throws {
    let parameters = try request(query: "a=1&a=%C3%BC").queryParameters()
    #expect(parameters.map(\.value) == ["1", "ü"])
    #expect(status { _ = try request(query: "a=%").queryParameters() } == .badRequest)
  }

  @Test func readsAForm() throws {
    var form = try request()
    form.body = Array("a=1&a=%C3%BC+".utf8)
    let parameters = try form.formParameters()
    #expect(parameters.map(\.name) == ["a", "a"] && parameters.map(\.value) == ["1", "ü "])
    form.body = Array("a=%ff".utf8)
    #expect(status { _ = try form.formParameters() } == .badRequest)
  }

  @Test func readsTheContentType() throws {
    #expect(try request([.contentType: "application/json"]).contentType() == .json)
    #expect(status { _ = try request().contentType() } == .unsupportedMediaType)
    #expect(status { _ = try request([.contentType: "nonsense"]).contentType() } == .unsupportedMediaType)
  }

  @Test(arguments: [
    ("application/json", true), ("application/json; charset=UTF-8", true), ("text/html", true),
    ("application/json; charset=latin1", false), ("text/plain", false), ("", false),
  ])
  func takesOneOfSomeMediaTypesInUTF8(_ contentType: String, isTaken: Bool) throws {
    let request = try request([.contentType: contentType])
    let error = Result { () throws(ProblemDetails) in try request.contentType(among: [.json, .html]) }
    switch error {
    case .success: #expect(isTaken)
    case .failure(let problem):
      #expect(!isTaken && problem.status == .unsupportedMediaType)
      #expect(problem.fields[.accept] == "application/json, text/html; charset=utf-8")
    }
  }

  @Test(arguments: [HTTPRequest.Method.get, .head, .options])
  func letsOtherSitesUseSafeMethods(_ method: HTTPRequest.Method) throws {
    var request = try request([.secFetchSite: "cross-site"])
    #expect(throws: ProblemDetails.self) { try request.refuseCrossSite() }
    request.method = method
    #expect(throws: Never.self) { try request.refuseCrossSite() }
  }

  @Test func refusesAFieldWithDifferentValues() throws {
    var fields: HTTPFields = [.contentType: "application/json"]
    fields.append(HTTPField(name: .contentType, value: "application/json"))
    #expect(try request(fields).contentType() == .json)
    fields.append(HTTPField(name: .contentType, value: "text/plain"))
    #expect(status { _ = try request(fields).contentType() } == .badRequest)
  }

  @Test(
    arguments: [
      ([:], true),
      ([.secFetchSite: "same-origin"], true), ([.secFetchSite: "none"], true),
      ([.secFetchSite: "cross-site"], false), ([.secFetchSite: "same-site"], false),
      ([.origin: "http://log.example:8080", .host: "log.example:8080"], true),
      ([.origin: "https://evil.example", .host: "log.example"], false),
      ([.origin: "http://log.example", .host: "log.example:8080"], false),
      ([.origin: "null", .host: "log.example"], false), ([.origin: "null", .host: "null"], false),
      ([.origin: "http://log.example"], false),
      ([.origin: "http://log.example", .host: "log.example:80"], true),
      ([.origin: "https://log.example:443", .host: "log.example"], true),
      ([.origin: "https://log.example", .host: "log.example:80"], false),
      ([.origin: "HTTP://Log.Example", .host: "LOG.example"], true),
      ([.origin: "http://[::1]:8080", .host: "[0:0::1]:8080"], true),
      // An address of another site that ends like this one's.
      ([.origin: "http://evil.example/127.0.0.1:8080", .host: "127.0.0.1:8080"], false),
      ([.origin: "http://evil.example/log.example", .host: "log.example"], false),
      ([.origin: "http://log.example/", .host: "log.example"], false),
      ([.origin: "http://me@log.example", .host: "log.example"], false),
      ([.origin: "x://log.example", .host: "log.example"], false),
      ([.origin: "http://log.example http://log.example", .host: "log.example"], false),
      // The newer field takes precedence.
      ([.secFetchSite: "same-origin", .origin: "https://evil.example", .host: "log.example"], true),
    ] as [(HTTPFields, Bool)])
  func refusesOtherSites(_ fields: HTTPFields, isAllowed: Bool) throws {
    #expect(status { try request(fields).refuseCrossSite() } == (isAllowed ? nil : .forbidden))
  }

  @Test(
    arguments: [
      ("https://log.example", true), ("https://LOG.example:443", true), ("http://log.example", false),
      ("https://log.example:8443", false), ("https://backend", false), ("http://backend", false),
      ("null", false),
    ])
  func comparesWithThePublicAddressWhereThereIsOne(_ origin: String, isAllowed: Bool) throws {
    let publicOrigin = try #require(Origin(ofURL: "https://log.example/eventlog"))
    let request = try request([.origin: origin, .host: "backend"])
    #expect(status { try request.refuseCrossSite(from: publicOrigin) } == (isAllowed ? nil : .forbidden))
  }

  @Test func saysWhoseFaultARefusedOriginMayBe() throws {
    let request = try request([.origin: "https://log.example", .host: "backend:8080"])
    let problem = #expect(throws: ProblemDetails.self) { try request.refuseCrossSite() }
    #expect(problem?.detail.contains("https://log.example") == true)
    #expect(problem?.detail.contains("--public-url") == true)
  }

  @Test(
    arguments: [
      (nil, "{\"type\":\"info\"}", true), ("application/x-www-form-urlencoded", "{\"a\":\"b&c=d\"}", true),
      ("application/x-www-form-urlencoded", "\r\n [1]", true), ("text/plain;charset=UTF-8", "{}", true),
      ("application/x-www-form-urlencoded", "%7B%22type%22%3A1%7D", true),
      ("application/x-www-form-urlencoded", "%5b1%5d", true),
      (nil, "type=info", false), ("text/plain", "hello {", false), (nil, "", false),
    ] as [(String?, String, Bool)])
  func hintsAtTheContentTypeWhereJSONHasAnother(_ contentType: String?, body: String, isHint: Bool) throws {
    var request = try request()
    request.fields[.contentType] = contentType
    request.body = Array(body.utf8)
    let problem = #expect(throws: ProblemDetails.self) { try request.contentType(among: [.json, .form]) }
    #expect(problem?.status == .unsupportedMediaType && problem?.errors == [])
    #expect(problem?.detail.contains("Content-Type: application/json") == isHint)
  }

  @Test(arguments: [
    ("return=representation", true), ("respond-async, Return = representation ; x=1", true),
    ("return=\"representation\"", true), ("return=minimal", false), ("return", false),
    ("x;return=representation", false),
    ("returns=representation", false), ("", false),
  ])
  func readsPreferences(_ field: String, isStated: Bool) throws {
    #expect(try request([.prefer: field]).prefers("return", "representation") == isStated)
  }
}
