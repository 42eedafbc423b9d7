import EventLog
import HTTPCore
import HTTPTypes
import Testing

/// `GET /`
struct ListPageTests {
  private static func store(_ count: Int, type: EventType = .info) async throws -> MemoryEventStore {
    let store = MemoryEventStore()
    try await store.append(
      (0..<count).map {
        EventDraft(
          storedType: type, source: "test", message: "number \($0)", userID: nil, requestID: nil, tags: [],
          data: nil)
      })
    return store
  }

  @Test func listsTheNewestFirst() async throws {
    let store = MemoryEventStore()
    _ = try await store.restore(Event.examples, after: nil)
    let response = try await PagesUnderTest(store: store).get()
    #expect(response.status == .ok)
    #expect(response.fields[.contentType] == "text/html; charset=utf-8")
    #expect(response.ids == ["evt_003", "evt_002", "evt_001"])
    #expect(
      response.html.contains(#"<time datetime="2024-01-15T15:05:00.000Z">2024-01-15 15:05:00.000</time>"#))
    #expect(response.html.contains("1.2.3"))
    #expect(response.html.contains("<strong>OK</strong>"))
  }

  @Test func showsFiftyAPageWithLinksThatKeepFilterAndMount() async throws {
    let pages = PagesUnderTest(store: try await Self.store(120))
    var query: String? = "type=info"
    var counts: [Int] = []
    while let current = query {
      let response = try await pages.get(current, mount: "/log")
      counts.append(response.ids.count)
      query = response.html.firstMatch(of: /<a rel="next" href="\/log\/\?([^"]*)">Older<\/a>/)
        .map(\.output.1.unescaped)
      #expect(query?.contains("type=info") != false)
    }
    #expect(counts == [50, 50, 20])
  }

  @Test func linksBackToNewerAndNewest() async throws {
    let pages = PagesUnderTest(store: try await Self.store(60))
    let first = try await pages.get()
    let older = try #require(first.html.firstMatch(of: /rel="next" href="\/\?([^"]*)"/)?.output.1)
    let second = try await pages.get(older.unescaped)
    let newer = try #require(second.html.firstMatch(of: /rel="prev" href="\/\?([^"]*)">Newer</)?.output.1)
    #expect(try await pages.get(newer.unescaped).ids == first.ids)
    #expect(second.html.contains(">Newest</a>"))
    #expect(!first.html.contains(#"rel="prev""#))
  }

  @Test func marksTheFilter() async throws {
    let html = try await PagesUnderTest(store: try await Self.store(1)).get("type=error").html
    #expect(html.contains(#"<option value="error" selected>error</option>"#))
    #expect(html.contains("No event matches."))
  }

  @Test func saysWhatToDoWhenThereIsNothing() async throws {
    let html = try await PagesUnderTest(store: MemoryEventStore()).get().html
    #expect(html.contains("Nothing is here yet."))
    #expect(!html.contains("<table>"))
  }

  @Test func saysThatAnEventWasRecorded() async throws {
    let pages = PagesUnderTest(store: try await Self.store(1))
    let html = try await pages.get("created=evt_001").html
    #expect(html.contains(#"<p class="notice" role="status">Recorded as <strong>evt_001</strong>.</p>"#))
    #expect(try await !pages.get("created=%3Cscript%3E").html.contains("Recorded as"))
    #expect(try await !pages.get("created=evt_002").html.contains("Recorded as"))
  }

  @Test func answers422AndSaysWhatIsWrongWithTheQuery() async throws {
    let response = try await PagesUnderTest(store: try await Self.store(1)).get("type=%3Cb%3E&limit=0")
    #expect(response.status == .unprocessableContent)
    #expect(response.html.contains("type must be user_action, system, error or info."))
    #expect(response.html.contains("limit must be a whole number"))
    #expect(response.ids.isEmpty)
  }

  @Test func showsThatTheLogCannotBeUsed() async throws {
    let response = try await PagesUnderTest(store: FailingStore()).get()
    #expect(response.status == .serviceUnavailable)
    #expect(response.fields[.retryAfter] == "7")
    #expect(response.cause == "secret cause")
    #expect(response.html.contains("<strong>Unavailable</strong>"))
    #expect(response.html.contains("Out of order."))
    #expect(!response.html.contains("secret"))
  }

  @Test func allowsNoCodeAndHasNone() async throws {
    let response = try await PagesUnderTest(store: try await Self.store(1)).get()
    let policy = try #require(response.fields[.contentSecurityPolicy])
    #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
    #expect(!policy.contains("unsafe") && !policy.contains("script-src"))
    #expect(response.html.firstMatch(of: /<script|<style|\son\w+=|\sstyle=/) == nil)
  }

  @Test func linksBelowItsMount() async throws {
    let html = try await PagesUnderTest(store: try await Self.store(60)).get(mount: "/log").html
    let addresses = html.matches(of: /(?:href|action|src)="([^"]*)"/).map(\.output.1)
    #expect(addresses.count > 50)
    #expect(addresses.allSatisfy { $0.hasPrefix("/log/") || $0.hasPrefix("#") })
  }
}

extension Substring {
  /// The value of an attribute.
  fileprivate var unescaped: String {
    String(self).replacing("&amp;", with: "&")
  }
}
