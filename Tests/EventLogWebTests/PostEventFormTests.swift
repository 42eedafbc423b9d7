import EventLog
import HTTPCore
import HTTPTypes
import TestSupport
import Testing

/// Tests `POST /events` from a browser.
struct PostEventFormTests {
  private static let valid = [
    (name: "type", value: "error"), (name: "source", value: "browser"), (name: "message", value: "hello"),
  ]
  /// Markup, quotes, template syntax, and a quotation mark that becomes another character by a combining mark.
  private static let hostile = "<b>&\"'{{mount}}</textarea>\"\u{301} onfocus=alert(1) \u{202E}"

  @Test func recordsAndSendsTheBrowserBackToThePage() async throws {
    let store = MemoryEventStore()
    let response = try await PagesUnderTest(store: store).submit(
      Self.valid + [("user_id", ""), ("tags", "a, b"), ("data", "{\"x\": 1}")], mount: "/log")
    #expect(response.status == .seeOther)
    #expect(response.fields[.location] == "/log/?created=evt_001")
    let draft = try #require(try await store.page(EventQuery()).events.first?.draft)
    #expect(draft.type == .error && draft.tags == ["a", "b"] && draft.userID == nil)
    #expect(draft.data?.json == "{\"x\":1}")
  }

  @Test func keepsValuesAndShowsEachErrorAtItsField() async throws {
    let store = MemoryEventStore()
    let response = try await PagesUnderTest(store: store).submit([
      ("type", "system"), ("source", " "), ("message", "kept"),
      ("user_id", String(repeating: "u", count: 201)),
      ("request_id", "kept too"), ("tags", "a,\(String(repeating: "b", count: 65))"), ("data", "{nonsense"),
    ])
    #expect(response.status == .unprocessableContent)
    let html = response.html
    for name in ["source", "user_id", "tags", "data"] {
      #expect(html.contains(#"aria-invalid="true" aria-describedby="error-\#(name)""#), "\(name)")
      #expect(html.contains(#"<p class="error" id="error-\#(name)">"#), "\(name)")
      #expect(html.contains(##"<a href="#field-\##(name)">"##), "\(name)")
    }
    #expect(html.matches(of: /aria-invalid/).count == 4)
    #expect(html.contains("Source must not be blank"))
    #expect(html.contains(#"<option value="system" selected>"#))
    #expect(html.contains(">\nkept</textarea>"))
    #expect(html.contains(#"value="kept too""#))
    #expect(html.contains("<details open>"))
    #expect(try await store.state().lastID == nil)
  }

  @Test func showsTheErrorOfATypeThatIsMissing() async throws {
    let html = try await PagesUnderTest(store: MemoryEventStore()).submit([("source", "s"), ("message", "m")])
      .html
    #expect(
      html.contains(
        #"<p class="error" id="error-type">Type is required: user_action, system, error or info</p>"#))
  }

  @Test func showsErrorsOfMembersThatHaveNoField() async throws {
    let response = try await PagesUnderTest(store: MemoryEventStore()).submit(Self.valid + [("level", "3")])
    #expect(response.status == .unprocessableContent)
    #expect(response.html.contains("<li>level is not a member of an event; put extra facts under data</li>"))
  }

  @Test func showsHostileTextAsText() async throws {
    let store = MemoryEventStore()
    let pages = PagesUnderTest(store: store)
    let draft = EventDraft(
      storedType: .info, source: Self.hostile, message: Self.hostile, userID: Self.hostile, requestID: nil,
      tags: [Self.hostile], data: nil, occurredAt: nil)
    try await store.append(draft)
    let names = ["type", "source", "message", "user_id", "request_id", "tags", "data", Self.hostile]
    for html in [
      try await pages.get().html, try await pages.submit(names.map { ($0, Self.hostile) }).html,
    ] {
      #expect(html.contains("&lt;b&gt;&amp;&quot;&#39;{{mount}}&lt;/textarea&gt;&quot;\u{301} onfocus"))
      // Code points are compared, as a browser reads them.
      let scalars = Array(html.unicodeScalars)
      #expect(!scalars.indices.contains { $0 > 0 && scalars[$0] == "\u{301}" && scalars[$0 - 1] == "\"" })
      #expect(!html.contains("<b>"))
    }
  }

  @Test func keepsTheValuesWhenTheStoreCannot() async throws {
    let response = try await PagesUnderTest(store: FailingStore()).submit(Self.valid)
    #expect(response.status == .serviceUnavailable)
    #expect(response.fields[.retryAfter] == "1")
    #expect(response.cause == "secret cause")
    #expect(response.html.contains(#"value="browser""#) && response.html.contains(">\nhello</textarea>"))
  }

  @Test func refusesAPageOfAnotherSite() async throws {
    let store = MemoryEventStore()
    let response = try await PagesUnderTest(store: store)
      .submit(Self.valid, fields: [.origin: "https://evil.example", .host: "log.example"])
    #expect(response.status == .forbidden)
    #expect(try await store.state().lastID == nil)
  }

  @Test(arguments: ["application/json", "text/plain", "application/x-www-form-urlencoded; charset=latin1"])
  func answers415WhenItIsNoForm(_ contentType: String) async throws {
    let response = try await PagesUnderTest(store: MemoryEventStore()).submit(
      body: "{}", contentType: contentType)
    #expect(response.status == .unsupportedMediaType)
  }

  @Test func answers400WhenTheFormCannotBeDecoded() async throws {
    #expect(
      try await PagesUnderTest(store: MemoryEventStore()).submit(body: "source=%").status == .badRequest)
  }
}
