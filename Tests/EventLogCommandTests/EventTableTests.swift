import EventLog
import Foundation
import Linux
import TestSupport
import Testing

@testable import EventLogCommand

struct EventTableTests {
  private static func lines(_ drafts: [EventDraft], width: Int? = nil) throws -> [String] {
    let events = try drafts.enumerated().map { index, draft in
      Event(
        id: try #require(EventID(Int64(index + 1))), timestamp: Timestamp(milliseconds: 0), draft: draft)
    }
    var table = EventTable(isColored: false)
    return table.text(events, width: width).split(separator: "\n").map(String.init)
  }

  private static func columns(_ text: some StringProtocol) -> Int {
    text.unicodeScalars.reduce(0) { $0 + $1.columns }
  }

  @Test(arguments: [
    "日本語のとても長いメッセージです。日本語のとても長いメッセージです。", "e\u{301}e\u{301}e\u{301}" + String(repeating: "x", count: 99),
    String(repeating: "🎉", count: 60), String(repeating: "한국어", count: 30),
  ])
  func hasNoLineThatATerminalWouldWrap(_ text: String) throws {
    for width in 56...80 {
      let lines = try Self.lines([.plain(text)], width: width)
      #expect(lines.count == 2)
      #expect(lines.allSatisfy { Self.columns($0) <= width })
      // A wide character may leave one column free.
      #expect(Self.columns(lines[1]) >= width - 1)
      #expect(lines[1].hasSuffix("…"))
    }
  }

  @Test func putsMessagesBelowEachOtherWhateverTheSourcesAre() throws {
    let sources = ["plain", "日本語", "e\u{301}", "🎉🎉", String(repeating: "語", count: 40)]
    let lines = try Self.lines(sources.map { .plain("MESSAGE", source: $0) })
    let places = try lines.map { line in
      Self.columns(line[..<(try #require(line.range(of: "MESSAGE"))).lowerBound])
    }
    #expect(Set(places).count == 1, "\(lines)")
  }

  @Test func showsNothingThatATerminalWouldObey() throws {
    let lines = try Self.lines([.plain("two\nlines\u{202E}", source: "a\u{2067}b")])
    #expect(lines.count == 2)
    #expect(lines[1].hasSuffix("a\u{FFFD}b     two lines\u{FFFD}"))
  }

  @Test func showsShortLinesWhole() throws {
    let lines = try Self.lines([.plain("hello")], width: 200)
    #expect(lines[1] == "evt_001  1970-01-01T00:00:00.000Z  info  test    hello")
    #expect(try Self.lines([.plain("hello")], width: lines[1].count)[1] == lines[1])
  }
}
