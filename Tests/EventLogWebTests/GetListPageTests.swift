import EventLog
import HTTPCore
import HTTPTypes
import TestSupport
import Testing
import Text

/// Tests `GET /`.
struct GetListPageTests {
  private static func store(_ count: Int, type: EventType = .info) async throws -> MemoryEventStore {
    let store = MemoryEventStore()
    try await store.append(
      (0..<count).map {
        EventDraft(
          storedType: type, source: "test", message: "number \($0)", userID: nil, requestID: nil, tags: [],
          data: nil, occurredAt: nil)
      })
    return store
  }

  @Test func hasAFieldForEveryMemberThatClientsGive() async throws {
    let html = try await PagesUnderTest(store: MemoryEventStore()).get().html
    let form = try #require(html.split(separator: "<form method=\"post\"").dropFirst().first)
    for member in EventMember.allCases where !member.isGivenByTheLog {
      #expect(form.contains(" name=\"\(member.rawValue)\""), "\(member)")
    }
  }

  @Test func hasAFieldForEveryParameterOfAFilter() async throws {
    let html = try await PagesUnderTest(store: MemoryEventStore()).get().html
    let form = try #require(html.split(separator: "<form class=\"filter\"").dropFirst().first)
    for name in EventCondition.Parameter.allCases.map(\.rawValue) {
      #expect(form.contains(" name=\"\(name)\""), "\(name)")
    }
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
    #expect(response.html.contains("<strong>Online</strong>"))
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
    #expect(html.contains(#"<input type="checkbox" name="type" value="error" checked>"#))
    #expect(html.contains("No events match."))
  }

  @Test func marksEachOfSeveralTypes() async throws {
    let html = try await PagesUnderTest(store: try await Self.store(1)).get("type=system&type=error").html
    let checked = html.matches(of: /name="type" value="(\w+)" checked/).map(\.output.1)
    #expect(checked == ["system", "error"])
    #expect(
      html.contains(
        #"href="/?type=error&amp;sort=timestamp&amp;order=desc&amp;limit=50" dir="auto">type: system"#))
  }

  @Test func saysWhatToDoWhenThereIsNothing() async throws {
    let html = try await PagesUnderTest(store: MemoryEventStore()).get().html
    #expect(html.contains("There are no events yet."))
    #expect(!html.contains("<table>"))
  }

  @Test func saysThatAnEventWasRecorded() async throws {
    let pages = PagesUnderTest(store: try await Self.store(1))
    let html = try await pages.get("created=evt_001").html
    #expect(html.contains(#"role="status">Recorded as <a href="/events/evt_001">"#))
    #expect(try await !pages.get("created=%3Cscript%3E").html.contains("Recorded as"))
    #expect(try await !pages.get("created=evt_002").html.contains("Recorded as"))
  }

  @Test func answers422AndSaysWhatIsWrongWithTheQuery() async throws {
    let response = try await PagesUnderTest(store: try await Self.store(1)).get("type=%3Cb%3E&limit=0")
    #expect(response.status == .unprocessableContent)
    #expect(response.html.contains(##"<a href="#filter-type">Types</a> must be user_action, system"##))
    #expect(response.html.contains(##"<a href="#filter-limit">Rows</a> must be a whole number"##))
    #expect(response.ids.isEmpty)
  }

  @Test func keepsAnInvalidFilterAndShowsEachErrorAtItsField() async throws {
    let long = Text(String(repeating: "x", count: 201))
    let response = try await PagesUnderTest(store: try await Self.store(1)).get(
      FormURLEncoded.encode([
        ("q", Text(long.string + long.string + long.string)), ("source", long), ("user_id", long),
        ("request_id", "kept"),
        ("since", "yesterday"), ("until", "2024-01-15T14:30:00Z"), ("type", "error"), ("type", "<b>"),
        ("tag", "kept too"), ("tag", long), ("limit", "0"), ("sort", "id"), ("order", "asc"), ("level", "3"),
      ]))
    #expect(response.status == .unprocessableContent)
    let html = response.html
    for name in ["q", "source", "user_id", "since", "limit"] {
      #expect(html.contains(#"aria-invalid="true" aria-describedby="filter-error-\#(name)""#), "\(name)")
    }
    for name in ["q", "source", "user_id", "since", "limit", "type", "tag"] {
      #expect(html.contains(#"<span class="error" id="filter-error-\#(name)">"#), "\(name)")
      #expect(
        html.contains(##"<a href="#filter-\##(name)">"##) && html.contains(#"id="filter-\#(name)""#),
        "\(name)")
    }
    #expect(html.matches(of: /aria-invalid/).count == 5)
    #expect(html.contains(#"name="source" dir="auto" maxlength="200" value="\#(long)""#))
    #expect(html.contains(#"maxlength="200" value="kept""#))
    #expect(html.contains(#"maxlength="64" value="kept too""#))
    #expect(html.contains(#"value="2024-01-15T14:30:00.000""#))
    #expect(html.contains(#"value="error" checked"#) && html.matches(of: /value="\w+" checked>/).count == 1)
    #expect(html.contains(#"<option value="0" selected>"#))
    // A parameter that has no field cannot be corrected in the form, so it is not sent again.
    #expect(html.contains("<li>sort must be timestamp, type or source</li>"))
    #expect(html.contains("<li>level is not a parameter here"))
    #expect(html.contains(#"name="sort" value="timestamp""#) && html.contains(#"name="order" value="asc""#))
    #expect(html.contains("<details open>\n    <summary>More conditions"))
  }

  @Test func showsThatTheLogCannotBeUsed() async throws {
    let response = try await PagesUnderTest(store: FailingStore()).get()
    #expect(response.status == .serviceUnavailable)
    #expect(response.fields[.retryAfter] == "1")
    #expect(response.cause == "secret cause")
    #expect(response.html.contains("<strong>Unavailable</strong>"))
    #expect(response.html.contains("The log cannot be used at the moment."))
    #expect(!response.html.contains("secret"))
  }

  @Test func saysSoWhenCountingTakesTooLong() async throws {
    let log = try await Self.store(3)
    let slow = PagesUnderTest(store: SlowHistogramStore(log: log), histogramTimeout: .milliseconds(10))
    let response = try await slow.get()
    #expect(response.status == .ok && response.ids.count == 3)
    #expect(response.html.contains("The histogram is left out") && !response.html.contains("<svg"))
    let complete = try await PagesUnderTest(store: log).get().html
    #expect(complete.contains("<svg") && !complete.contains("is left out"))
  }

  @Test func allowsNoCodeAndHasNone() async throws {
    let response = try await PagesUnderTest(store: try await Self.store(1)).get()
    let policy = try #require(response.fields[.contentSecurityPolicy])
    #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
    #expect(!policy.contains("unsafe-") && policy.contains("script-src 'self'"))
    #expect(response.html.firstMatch(of: /<style|\son\w+=|\sstyle=|javascript:/) == nil)
    let scripts = response.html.matches(of: /<script[^>]*>[^<]*<\/script>/).map { String($0.output) }
    #expect(scripts.count == response.html.matches(of: /<script/).count && !scripts.isEmpty)
    #expect(scripts.allSatisfy { $0.contains(#" src="/static/"#) && $0.hasSuffix("></script>") })
  }

  @Test(arguments: [
    ("q=number+1&type=error&tag=a&tag=b", ["“number”", "“1”", "type: error", "tag: a", "tag: b"]),
    ("q=-a+b+OR+tag:c+since:60m", ["not “a”", "“b” or tag: c", "since:1h"]),
    ("q=data.n>=1+has:user+type:error&source=s", ["n &gt;= 1", "has user", "type: error", "source: s"]),
    ("user_id=u&request_id=r&source=s", ["source: s", "user: u", "request: r"]),
    (
      "since=2024-01-15T14:30:00Z&until=2024-01-15T14:30:05Z",
      ["since 2024-01-15 14:30 UTC", "until 2024-01-15 14:30:05 UTC"]
    ),
  ])
  func showsEachConditionWithALinkThatTakesItAway(_ query: String, labels: [String]) async throws {
    let pages = PagesUnderTest(store: try await Self.store(1))
    let html = try await pages.get(query).html
    let chips = html.matches(of: /<li><a href="\/\?([^"]*)" dir="auto">(.*?) <span aria-hidden/)
    #expect(chips.map { String($0.output.2.replacing(/<[^>]*>/, with: "")) } == labels)
    for chip in chips {
      let without = try await pages.get(chip.output.1.unescaped).html
      #expect(without.matches(of: /<li><a href="\/\?([^"]*)" dir="auto">/).count == labels.count - 1)
      #expect(!without.contains(">\(chip.output.2) <span"))
    }
  }

  @Test(arguments: [
    ("range=1h&q=a&type=", "/?q=a&since=1h"), ("q=a&range=90m", "/?q=a&since=90m"),
    ("since=2024-01-15T14:30&until=", "/?since=2024-01-15T14%3A30%3A00.000Z"),
    ("until=2024-01-15T14:30:10.5", "/?until=2024-01-15T14%3A30%3A10.500Z"),
    ("range=7d&since=2024-01-15T14:30&until=2024-01-16", "/?since=7d"),
    ("type=info&type=error&q=a&without=type%3Dinfo", "/?type=error&q=a"),
    ("since=24h&q=a&without=since", "/?q=a"), ("q=a&range=24h&without=since", "/?q=a"),
    ("since=24h&q=a&period=2024-01-15/2024-01-16", "/?q=a&since=2024-01-15&until=2024-01-16"),
    ("q=a&period=9999-12-31T23:59:59.999Z", "/?q=a&since=9999-12-31T23%3A59%3A59.999Z"),
  ])
  func putsWhatAFormSaysIntoTheLanguageOfTheAPI(_ query: String, location: String) async throws {
    let response = try await PagesUnderTest(store: try await Self.store(1)).get(query)
    #expect(response.status == .seeOther)
    #expect(response.fields[.location] == location)
  }

  @Test func sortsByAColumnAndTurnsItRound() async throws {
    let pages = PagesUnderTest(store: try await Self.store(3))
    func heads(_ html: String) -> [String] {
      html.matches(of: /<th scope="col"( aria-sort="\w+")?><a href="\/\?([^"]*)">/).map {
        String($0.output.2)
      }
    }
    let first = try await pages.get().html
    #expect(
      first.contains(
        #"aria-sort="descending"><a href="/?sort=timestamp&amp;order=asc&amp;limit=50">Timestamp"#))
    #expect(heads(first)[2] == "sort=source&amp;order=asc&amp;limit=50")
    let second = try await pages.get("sort=source&order=asc&limit=50").html
    #expect(
      second.contains(#"aria-sort="ascending"><a href="/?sort=source&amp;order=desc&amp;limit=50">Source"#))
    #expect(second.matches(of: /aria-sort/).count == 1)
  }

  @Test func offersWhatIsShownAsADownload() async throws {
    let html = try await PagesUnderTest(store: try await Self.store(60)).get("type=info&limit=25&sort=type")
      .html
    #expect(html.contains(#"href="/events.csv?type=info&amp;sort=type&amp;order=desc&amp;bom=1" download"#))
  }

  @Test func showsTheStartOfALongMessage() async throws {
    let store = MemoryEventStore()
    for message in [String(repeating: "é", count: 600), String(repeating: "é", count: 601)] {
      try await store.append(
        EventDraft(
          storedType: .info, source: "s", message: message, userID: nil, requestID: nil, tags: [], data: nil,
          occurredAt: nil))
    }
    let html = try await PagesUnderTest(store: store).get().html
    #expect(html.matches(of: /Show the whole message/).count == 1)
    #expect(html.contains(#"… <a href="/events/evt_002">Show the whole message</a>"#))
  }

  @Test func remembersTheSourceInACookie() async throws {
    let pages = PagesUnderTest(store: MemoryEventStore())
    let response = try await pages.submit(
      [("type", "info"), ("source", "a; b=\"é\""), ("message", "m")], mount: "/log")
    let cookie = try #require(response.fields[.setCookie])
    #expect(cookie.hasSuffix("; Path=/log/; Max-Age=31536000; HttpOnly; SameSite=Lax"))
    let pair = try #require(cookie.split(separator: ";").first)
    let html = try await pages.get(fields: [.cookie: "x=1; \(pair); y"]).html
    #expect(html.contains(#"name="source" dir="auto" required value="a; b=&quot;é&quot;""#))
  }

  @Test func linksBelowItsMount() async throws {
    let html = try await PagesUnderTest(store: try await Self.store(60)).get(mount: "/log").html
    let addresses = html.matches(of: /(?:href|action|src)="([^"]*)"/).map(\.output.1)
    #expect(addresses.count > 50)
    #expect(addresses.allSatisfy { $0.hasPrefix("/log/") || $0.hasPrefix("#") })
  }
}

extension Substring {
  /// Returns the value of an attribute.
  fileprivate var unescaped: String {
    String(self).replacing("&amp;", with: "&")
  }
}
