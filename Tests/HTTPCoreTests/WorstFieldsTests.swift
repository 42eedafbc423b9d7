import HTTPCore
import HTTPTypes
import TestSupport
import Testing
import Text

/// Combining marks in a field, a path or a form take no longer than other bytes.
struct WorstFieldsTests {
  private func request(_ fields: HTTPFields, body: String = "") throws -> Request {
    Request(
      method: .post, target: try #require(RequestTarget(path: "/")), fields: fields, body: Array(body.utf8))
  }

  @Test(arguments: ["{}=1", "a={}", "{}={}", "{}=1&{}=2"])
  func decodesAFormInLinearTime(_ blank: String) {
    expectLinearTime(blank) { marks in
      let form = blank.split(separator: "{}", omittingEmptySubsequences: false).joined(
        separator: marks.string)
      let parameters = try request([:], body: form).formParameters()
      _ = Set(parameters.map(\.name)).contains("a")
    }
  }

  @Test func matchesAPathInLinearTime() {
    expectLinearTime("a segment") { marks in
      _ = try #require(RequestTarget(path: "/events/\(marks)")).path == ["events", "histogram"]
      _ =
        try #require(RequestTarget(path: "/events/\(PercentEncoding.encode(marks.string))")).path == [
          "a", "b",
        ]
    }
  }

  @Test(arguments: ["{}", "{}/json", "text/{}", "text/html;{}", "text/html;charset={}", "text/html;q={}"])
  func readsMediaTypesInLinearTime(_ blank: String) {
    expectLinearTime(blank) { marks in
      let value = blank.split(separator: "{}", omittingEmptySubsequences: false).joined(
        separator: marks.string)
      _ = Accept([.accept: value]).preferred(among: [.json, .html])
      _ = try request([.contentType: value]).contentType(among: [.json, .html])
    }
  }

  @Test func findsAnEntityTagInLinearTime() {
    let tag = EntityTag("abc", isWeak: true)
    expectLinearTime("If-None-Match") { marks in
      for value in [marks.string, "W/\"\(marks)\"", "\"a\", \(marks)"] {
        _ = try request([.ifNoneMatch: value]).hasCurrent(tag)
      }
    }
  }

  @Test func comparesSitesInLinearTime() {
    expectLinearTime("Origin and Host") { marks in
      try request([.origin: "http://\(marks)", .host: marks.string + "x"]).refuseCrossSite()
    }
    expectLinearTime("Sec-Fetch-Site") { marks in try request([.secFetchSite: marks.string]).refuseCrossSite()
    }
    expectLinearTime("two values") { marks in
      var fields: HTTPFields = [.contentType: marks.string]
      fields.append(HTTPField(name: .contentType, value: marks.string))
      _ = try request(fields).single(.contentType)
    }
  }
}
