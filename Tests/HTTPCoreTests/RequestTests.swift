import HTTPCore
import HTTPTypes
import Testing

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

  @Test func readsTheQuery() throws {
    let parameters = try request(query: "a=1&a=%C3%BC").queryParameters()
    #expect(parameters.map(\.value) == ["1", "ü"])
    #expect(status { _ = try request(query: "a=%").queryParameters() } == .badRequest)
  }

  @Test func readsTheContentType() throws {
    #expect(try request([.contentType: "application/json"]).contentType() == .json)
    #expect(status { _ = try request().contentType() } == .unsupportedMediaType)
    #expect(status { _ = try request([.contentType: "nonsense"]).contentType() } == .unsupportedMediaType)
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
      // The newer field counts.
      ([.secFetchSite: "same-origin", .origin: "https://evil.example", .host: "log.example"], true),
    ] as [(HTTPFields, Bool)])
  func refusesOtherSites(_ fields: HTTPFields, isAllowed: Bool) throws {
    #expect(status { try request(fields).refuseCrossSite() } == (isAllowed ? nil : .forbidden))
  }
}
