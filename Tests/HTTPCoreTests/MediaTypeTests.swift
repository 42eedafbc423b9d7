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

  @Test(arguments: [
    ("", true), ("; charset=UTF-8", true), (";charset=utf8", true), ("; charset=UTF8", true),
    ("; charset=\"Utf8\"", true), ("; charset='utf-8'", true), ("; Charset = utf_8", true),
    ("; charset=", true),
    ("; charset=us-ascii", true), ("; charset=ASCII", true), ("; charset=x-unicode20utf8", true),
    ("; boundary=x; charset=csUTF8", true), ("; charset=iso-8859-1", false), ("; charset=utf-16", false),
    ("; charset=utf-80", false), ("; charset=utf-7", false), ("; charset=windows-1252", false),
    ("; charset=ü", false),
  ])
  func tellsWhetherTextIsInUTF8(_ parameters: String, isUTF8: Bool) {
    #expect(MediaType("application/json" + parameters)?.isUTF8 == isUTF8)
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
      // Old versions of Java send this with every request.
      ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "text/html"),
      ("*", "application/json"), ("*;q=0", nil), ("image/gif, *; q=.2", "application/json"),
      ("application/json; q = 0.5, text/html", "text/html"), ("text/html;q=often", "text/html"),
      ("text/html;q=nan, application/json;q=0.5", "text/html"),
      ("/, text/, /html, a//b, text/html", "text/html"),
    ] as [(String?, String?)])
  func choosesTheMostWanted(_ accept: String?, chosen: String?) {
    var fields = HTTPFields()
    fields[.accept] = accept
    let preferred = Accept(fields).preferred(among: [.json, .html])
    #expect(preferred.map { "\($0.type)/\($0.subtype)" } == chosen)
  }
}
