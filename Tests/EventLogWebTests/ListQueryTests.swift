import EventLog
import EventLogAPI
import HTTPCore
import HTTPTypes
import TestSupport
import Text
import Testing

@testable import EventLogWeb

/// Tests what the address of the list page may say, and what the page's links say.
struct ListQueryTests {
  private static func pages(_ drafts: [EventDraft] = [.plain()]) async throws -> PagesUnderTest {
    // The pages' clock is at 2024-01-15T14:30:00Z.
    let store = MemoryEventStore(now: { Timestamp(milliseconds: 1_705_325_400_000) })
    try await store.append(drafts)
    return PagesUnderTest(store: store)
  }

  @Test func keepsASpanInItsAddresses() async throws {
    let html = try await Self.pages().get("since=24h&type=info&limit=25").html
    #expect(html.contains(#"<option value="24h" selected>last 24 hours</option>"#))
    #expect(
      html.contains(
        #"href="/?since=24h&amp;sort=timestamp&amp;order=desc&amp;limit=25" dir="auto">type: info"#))
    #expect(
      html.contains(
        #"href="/?type=info&amp;sort=timestamp&amp;order=desc&amp;limit=25" dir="auto">last 24 hours "#))
    #expect(
      html.contains(#"href="/?type=info&amp;since=24h&amp;sort=source&amp;order=asc&amp;limit=25">Source"#))
    #expect(html.contains(#"href="/events.csv?type=info&amp;since=24h&amp;"#))
    // The interval of a bar does not move.
    #expect(html.contains("since=2024-01-15T13%3A30%3A00.000Z&amp;until=2024-01-15T14"))
  }

  @Test func turnsASpanIntoAMomentFromTheSecondPageOn() async throws {
    let pages = try await Self.pages((1...3).map { .plain("\($0)") })
    let html = try await pages.get("since=2h&limit=2").html
    let next = try #require(html.firstMatch(of: /rel="next" href="\/\?([^"]*)"/)?.output.1)
    #expect(next.contains("since=2024-01-15T12%3A30%3A00.000Z"))
    #expect(try await pages.get(String(next).replacing("&amp;", with: "&")).ids == ["evt_001"])
  }

  @Test func offersTheSpanThatWasAskedFor() async throws {
    let html = try await Self.pages().get("since=2w").html
    #expect(html.contains(#"<option value="2w" selected>last 2w</option>"#))
    #expect(html.contains("last 2w <span"))
    // The form has no field for two spans, so it shows the moments.
    let both = try await Self.pages().get("since=2d&until=1h").html
    #expect(
      both.contains(#"value="2024-01-15T13:30:00.000""#)
        && both.contains(#"<option value="" selected>as set"#))
    #expect(both.contains("last 2d <span") && both.contains("until 1h ago <span"))
  }

  @Test(arguments: ["utm_source=x&utm_medium=y", "_=1&_=2", "fbclid=z", "gclid=", "utm_=%3Cb%3E"])
  func ignoresWhatOtherSitesAddToLinks(_ query: String) async throws {
    let response = try await Self.pages().get("type=info&\(query)")
    #expect(response.status == .ok && response.ids == ["evt_001"])
    #expect(!response.html.contains("utm_") && !response.html.contains("clid"))
  }

  @Test(arguments: ["utm=1", "fbclid2=1", "gcli=1", "__=1"])
  func refusesWhatOnlyLooksLikeThat(_ query: String) async throws {
    #expect(try await Self.pages().get(query).status == .unprocessableContent)
  }

  @Test func showsAtMost250RowsAndSaysSo() async throws {
    let pages = try await Self.pages((1...260).map { .plain("\($0)") })
    let response = try await pages.get("limit=1000")
    #expect(response.status == .ok && response.ids.count == 250)
    #expect(response.html.contains("A page shows at most 250 events."))
    #expect(response.html.contains(#"<option value="250" selected>"#))
    let exact = try await pages.get("limit=250").html
    #expect(!exact.contains("at most 250"))
  }

  /// The filter is as large as it may be, and there are bars, chips, and links to sort.
  @Test func writesALongFilterOnce() async throws {
    let tags = (0..<18).map { "\($0)-" + String(repeating: "x", count: 60) }
    let drafts = (0..<3).map { _ in
      EventDraft(
        storedType: .info, source: "s", message: "m", userID: "u", requestID: nil, tags: tags, data: nil,
        occurredAt: nil)
    }
    let pages = try await Self.pages(drafts)
    let filter: [(name: Text, value: Text)] =
      tags.map { ("tag", Text($0)) } + [("user_id", "u"), ("since", "2024-01-01T00:00:00.000Z")]
    let html = try await pages.get(FormURLEncoded.encode(filter)).html
    let encoded = "tag=" + tags[3]
    // Three links sort, three download, each row has one of its own, and the form that saves the list has one; chips and bars
    // send the form of the filter.
    #expect(html.matches(of: /tag=3-x+/).count == 11)
    #expect(html.contains(#"<button form="filter" name="without" value="\#(encoded)""#))
    #expect(html.contains(#"<button form="filter" name="without" value="since""#))
    let period = try #require(html.firstMatch(of: /name="period" value="([^"]*)"/)?.output.1)
    let form: [(name: Text, value: Text)] = filter + [("range", ""), ("source", "")]
    let without = try await pages.get(FormURLEncoded.encode(form + [("without", Text(encoded))]))
    #expect(without.status == .seeOther)
    let rest = FormURLEncoded.encode(filter.filter { $0.value.string != tags[3] })
    #expect(without.fields[.location] == "/?\(rest)")
    let interval = try await pages.get(FormURLEncoded.encode(form + [("period", Text(String(period)))]))
    let bounds = Text(String(period)).split(separator: "/")
    let query = FormURLEncoded.encode([
      ("since", try #require(bounds.first)), ("until", try #require(bounds.last)),
    ])
    let location = try #require(interval.fields[.location])
    #expect(interval.status == .seeOther)
    #expect(location.hasSuffix("&\(query)"))
  }

  @Test func refusesAFilterThatNoLinkCanContain() async throws {
    let long = String(repeating: "%E4%B8%96", count: 445)
    let response = try await Self.pages().get("q=\(long)&range=1h")
    #expect(response.status == .unprocessableContent)
    #expect(response.html.contains(#"id="filter-error-q">Search makes the filter too long"#))
  }

  @Test func showsThePageWhereARedirectWouldNotFit() async throws {
    let types = (0..<900).map { _ in "type=info" }.joined(separator: "&")
    let response = try await Self.pages().get("range=24h&\(types)")
    #expect(response.status == .ok && response.ids == ["evt_001"])
  }

  @Test func linksTheBarOfTheVeryLastMomentToItsEvent() async throws {
    let event = Event(id: try #require(EventID(1)), timestamp: .latest, draft: .plain())
    let store = MemoryEventStore()
    _ = try await store.restore([event], after: nil)
    let pages = PagesUnderTest(store: store)
    let html = try await pages.get().html
    let bar = try #require(html.firstMatch(of: /<a href="\/\?([^"]*)" tabindex="-1">/)?.output.1)
    #expect(try await pages.get(String(bar).replacing("&amp;", with: "&")).ids == ["evt_001"])
  }
}
