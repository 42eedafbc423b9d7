import EventLog
import EventLogAccess
import EventLogAPI
import EventLogWeb
import HTTPCore
import HTTPTypes
import JSON
import Testing

/// Tests problems as a browser gets them.
struct ProblemPageTests {
  private let pages = PagesUnderTest(store: MemoryEventStore())
  private static let browser: HTTPFields = [
    .accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
  ]

  @Test func tellsWhatIsWrongAndLeadsOn() async throws {
    let response = try await pages.get(path: "/nothing", fields: Self.browser, mount: "/log")
    #expect(response.status == .notFound)
    #expect(response.fields[.contentType] == "text/html; charset=utf-8")
    #expect(response.fields[.cacheControl] == "no-store")
    #expect(response.fields[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
    #expect(response.html.contains("<title>Not Found · Event Log</title>"))
    #expect(response.html.contains("There is nothing at this path."))
    #expect(response.html.contains(#"<a href="/log/">all events</a>"#))
    #expect(response.html.contains("HTTP status 404"))
    #expect(!response.html.contains("Try again"))
  }

  @Test func isNotForPrograms() async throws {
    let response = try await pages.get(path: "/nothing", fields: [.accept: "*/*"])
    #expect(response.fields[.contentType] == "application/problem+json")
  }

  @Test func keepsTheFieldsOfTheProblem() async throws {
    let response = try await pages.get(path: "/events", fields: Self.browser)
    #expect(response.status == .methodNotAllowed)
    #expect(response.fields[.allow] == "OPTIONS, POST")
  }

  @Test func showsEachErrorAsText() throws {
    let store = MemoryEventStore()
    let pages = HTMLPages(
      store: store, views: SavedViews(MemoryViewStore(), access: nil),
      availability: Availability(store: store), version: "1", storeName: "memory",
      hasStreams: true)
    let problem = ProblemDetails(
      .serviceUnavailable, detail: "<b>",
      errors: [.init(.parameter("limit"), detail: "is <i>"), .init(.pointer("/tags/0"), detail: "is wrong")],
      fields: [.retryAfter: "1"], cause: "secret")
    let request = Request(target: try #require(RequestTarget(path: "/events")))
    let response = pages.problemPage(problem, request: request)
    #expect(response.status == .serviceUnavailable && response.fields[.retryAfter] == "1")
    #expect(response.cause == "secret" && !response.html.contains("secret"))
    #expect(response.html.contains("<p>&lt;b&gt;</p>"))
    #expect(
      response.html.contains("<li>limit is &lt;i&gt;</li>")
        && response.html.contains("<li>/tags/0 is wrong</li>"))
    #expect(response.html.contains("Please try again in a moment"))
  }
}
