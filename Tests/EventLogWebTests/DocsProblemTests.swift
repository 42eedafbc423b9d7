import EventLog
import EventLogAPI
import HTTPCore
import HTTPTypes
import Testing

/// Tests the problems that `GET /docs` describes.
struct DocsProblemTests {
  @Test(arguments: ["", "/log"])
  func areEachDescribedWhereTheirTypeLeads(_ mount: String) async throws {
    let html = try await PagesUnderTest(store: MemoryEventStore()).get(path: "/docs", mount: mount).html
    let anchors = html.matches(of: /<h3 id="(problem-[^"]*)">/).map { String($0.output.1) }
    #expect(anchors == ProblemType.all.map(\.anchor))
    for type in ProblemType.all {
      let uri = type.uri(mount: mount)
      #expect(uri.hasPrefix("\(mount)/docs#") && uri.hasSuffix(type.anchor))
      #expect(html.contains("<code>\(type.status.code)</code> <code>\(uri)</code>"))
      #expect(html.contains("<a href=\"#\(type.anchor)\">"))
      for text in [type.title, type.meaning, type.remedy] {
        #expect(!text.isEmpty && html.contains(text.replacing("'", with: "&#39;")), "\(text)")
      }
    }
  }
}
