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

  @Test func givesTypesTheirColorsAndNothingElse() throws {
    let id = try #require(EventID(1))
    for type in EventType.allCases {
      let event = Event(id: id, timestamp: Timestamp(milliseconds: 0), draft: .plain("m", type: type))
      var (plain, colored) = (EventTable(isColored: false), EventTable(isColored: true))
      for width in [nil, 20, 34, 36, 37, 38, 40, 60] {
        let (before, after) = (plain.text([event], width: width), colored.text([event], width: width))
        #expect(after.replacing(/\u{1B}\[\d+m/, with: "") == before)
        #expect(after.contains("\u{1B}") == (width ?? 60 > 35), "\(width ?? 0)")
      }
      #expect(colored.text([event], width: nil).contains("m\(type.rawValue)\u{1B}[0m"))
    }
  }

  @Test func goesOnBelowWhatIsThere() throws {
    func event(_ number: Int64, _ source: String) throws -> Event {
      Event(
        id: try #require(EventID(number)), timestamp: Timestamp(milliseconds: 0),
        draft: .plain("m", source: source))
    }
    var table = EventTable(isColored: false, isOpen: true)
    #expect(table.text([], width: nil).split(separator: "\n").count == 1)
    #expect(table.text([], width: nil).isEmpty)
    let first = table.text([try event(1, "short")], width: nil)
    let second = table.text([try event(12_345_678, "a longer source")], width: nil)
    let third = table.text([try event(12_345_679, "short")], width: nil)
    #expect(first.hasPrefix("evt_001   1970") && first.hasSuffix("info         short         m"))
    #expect(second.count == third.count && second.count > first.count)
  }
}
