import EventLog
import EventLogAPI
import HTTPCore
import HTTPTypes
import JSON
import Testing
import Text

/// Tests `GET /docs`.
struct GetDocsTests {
  private let pages = PagesUnderTest(store: MemoryEventStore())

  @Test func showsEveryOperationParameterStatusAndSchema() async throws {
    let response = try await pages.get(path: "/docs")
    #expect(response.status == .ok)
    #expect(response.fields[.contentType] == "text/html; charset=utf-8")
    let html = response.html
    let paths = members(OpenAPI.document["paths"])
    #expect(paths.count > 5)
    for path in paths {
      for operation in members(path.value) {
        #expect(html.contains("<strong>\(operation.name.string.uppercased())</strong> \(path.name.string)<"))
        for status in members(operation.value["responses"]) {
          #expect(html.contains("<code>\(status.name.string)</code>"))
        }
      }
    }
    for parameter in members(OpenAPI.document["components"]?["parameters"]) {
      guard case .string(let name)? = parameter.value["name"] else { continue }
      #expect(html.contains("<dt><code>\(name)</code>"), "\(name)")
    }
    for schema in ["EventDraft", "Event", "Histogram", "Problem"] {
      #expect(html.contains("id=\"schema-\(schema)\""))
    }
  }

  @Test func putsSchemasIntoWords() async throws {
    let html = try await pages.get(path: "/docs").html
    #expect(html.contains("string, 1 to 200 characters"))
    #expect(html.contains("user_action, system, error, info"))
    #expect(html.contains("whole number, 1 to 1000"))
  }

  @Test func linksOnlyToWhatIsThere() async throws {
    let html = try await pages.get(path: "/docs").html
    let ids = Set(html.matches(of: /id="([^"]+)"/).map(\.output.1))
    let anchors = html.matches(of: /href="#([^"]+)"/).map(\.output.1)
    #expect(!anchors.isEmpty && ids.isSuperset(of: anchors), "\(Set(anchors).subtracting(ids))")
    #expect(html.matches(of: /id="([^"]+)"/).count == ids.count)
  }

  @Test func hasNoCodeAndCarriesTheMount() async throws {
    let response = try await pages.get(path: "/docs", mount: "/log")
    #expect(response.html.matches(of: /<script/).count == 1)
    #expect(response.html.contains(#"<script type="module" blocking="render" src="/log/static/app.js?v="#))
    #expect(response.html.contains("href=\"/log/openapi.json\""))
    #expect(response.html.contains("127.0.0.1:8080/log<"))
    #expect(response.fields[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
    #expect(response.fields[.link]?.contains("</log/openapi.json>; rel=\"service-desc\"") == true)
  }

  private func members(_ value: JSONValue?) -> [JSONMember] {
    if case .object(let members)? = value { members } else { [] }
  }
}
