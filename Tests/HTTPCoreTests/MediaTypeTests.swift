import HTTPCore
import HTTPTypes
import Testing
import Text

/// Tests of `Content-Type` and `Accept`.
struct MediaTypeTests {
  @Test(arguments: [
    ("application/json", "application/json" as String?),
    ("Application/JSON ; Charset=UTF-8", "application/json; charset=utf-8"),
    ("text/html;charset=\"utf-8\"", "text/html; charset=utf-8"),
    ("a/b; x=y; charset=latin1", "a/b; charset=latin1"),
    ("", nil), ("json", nil), ("a/b/c", nil), ("a /b", nil), (";", nil),
  ])
  func readsAContentType(_ text: String, description: String?) {
    #expect(MediaType(text)?.description == description)
  }

  @Test func tellsWhetherTextIsInUTF8() {
    #expect(MediaType("a/b")?.isUTF8 == true)
    #expect(MediaType("a/b; charset=UTF-8")?.isUTF8 == true)
    #expect(MediaType("a/b; charset=iso-8859-1")?.isUTF8 == false)
  }

  @Test(
    arguments: [
      (nil, "application/json" as String?), ("", "application/json"), ("*/*", "application/json"),
      ("garbage", "application/json"),
      ("text/html", "text/html"), ("text/*", "text/html"),
      ("application/json, text/html", "application/json"),
      ("application/json;q=0.5, text/html;q=0.9", "text/html"), ("text/html, */*;q=0.8", "text/html"),
      ("text/html;q=0, */*", "application/json"), ("application/json;q=0, */*;q=0.1", "text/html"),
      ("text/csv", nil), ("text/html;q=0, application/json;q=0", nil),
      ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
    ] as [(String?, String?)])
  func choosesTheMostWanted(_ accept: String?, chosen: String?) {
    var fields = HTTPFields()
    fields[.accept] = accept
    let preferred = Accept(fields).preferred(among: [.json, .html])
    #expect(preferred.map { "\($0.type)/\($0.subtype)" } == chosen)
  }
}
