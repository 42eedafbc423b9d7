import EventLog
import EventLogAPI
import HTTPCore
import HTTPTypes
import TestSupport
import Testing
import Text

@testable import EventLogWeb

/// Tests which lists say how they are kept up to date, and how.
struct LiveListTests {
  private static func pages(_ count: Int = 3) async throws -> PagesUnderTest {
    // The pages' clock is at 2024-01-15T14:30:00Z.
    let store = MemoryEventStore(now: { Timestamp(milliseconds: 1_705_325_400_000) })
    if count > 0 { try await store.append((1...count).map { .plain("\($0)") }) }
    return PagesUnderTest(store: store)
  }

  private static func results(_ html: String) throws -> (stream: Substring, last: Substring) {
    let match = try #require(html.firstMatch(of: /data-stream="([^"]*)" data-last="([^"]*)"/))
    return (match.output.1, match.output.2)
  }

  @Test func namesTheStreamOfWhatItShows() async throws {
    let html = try await Self.pages().get("type=info&since=24h&limit=25", mount: "/log").html
    // A span before now stays one, and what only says how rows are shown is left out.
    #expect(try Self.results(html) == ("/log/events/stream?type=info&amp;since=24h", "evt_003"))
  }

  @Test func namesTheLastEventOfTheLogAndNotOfTheFilter() async throws {
    let html = try await Self.pages().get("type=error").html
    #expect(try Self.results(html) == ("/events/stream?type=error", "evt_003"))
    #expect(try Self.results(try await Self.pages(0).get().html) == ("/events/stream?", ""))
  }

  @Test(arguments: [
    "sort=source", "order=asc", "until=2030-01-01T00:00:00Z", "refresh=10",
  ])
  func namesNoStreamWhereNothingAppearsAtTheTop(_ query: String) async throws {
    #expect(try Self.results(try await Self.pages().get(query).html).stream == "")
  }

  @Test func namesNoStreamOnALaterPage() async throws {
    let pages = try await Self.pages()
    let next = try #require(
      try await pages.get("limit=2").html.firstMatch(of: /rel="next" href="\/\?([^"]*)"/)?.output.1)
    let html = try await pages.get(String(next).replacing("&amp;", with: "&")).html
    #expect(try Self.results(html).stream == "")
    #expect(!html.contains("Refresh every"))
  }

  @Test func offersToBeLoadedAgainAndNoLongerSo() async throws {
    let pages = try await Self.pages()
    let response = try await pages.get("type=info")
    #expect(response.fields[.refresh] == nil)
    let link = try #require(response.html.firstMatch(of: /href="\/\?([^"]*refresh=10[^"]*)"/)?.output.1)
    let refreshing = try await pages.get(String(link).replacing("&amp;", with: "&"))
    #expect(refreshing.fields[.refresh] == "10")
    #expect(refreshing.html.contains(#"name="refresh" value="10""#), "the filter keeps it")
    // What is written into a form would be lost.
    #expect(response.html.contains(#"name="message""#) && !refreshing.html.contains(#"name="message""#))
    let stop = try #require(refreshing.html.firstMatch(of: /href="\/\?([^"]*)"[^>]*>Stop/)?.output.1)
    #expect(!stop.contains("refresh") && stop.contains("type=info"))
  }

  @Test(arguments: [("", 200), ("2", 200), ("3600", 200), ("1", 422), ("3601", 422), ("-5", 422), ("x", 422)])
  func takesIntervalsOfAnHourAtMost(_ interval: String, status: Int) async throws {
    #expect(try await Self.pages().get("refresh=\(interval)").status.code == status)
  }
}
