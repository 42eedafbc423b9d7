import EventLog
import TestSupport
import Testing

@testable import EventLogFormats

/// Any text comes out of CSV as it went in, and nothing in it looks like a formula on the way.
struct CSVRoundTripTests {
  /// What texts are made of: everything that CSV or a spreadsheet treats in a special way, and a plain letter.
  private static let pieces = [
    "a", " ", ",", ";", "\t", "\n", "\"", "'", "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}",
    "\u{FF20}",
    "\u{FF0C}", "\u{FEFF}", "é", "🎉", "[", "]", "{", "}",
  ]

  @Test func keepsEveryText() throws {
    var generator = SystemRandomNumberGenerator()
    let drafts = (0..<20_000).map { _ in
      let text = (0...Int.random(in: 0..<8, using: &generator)).map { _ in
        Self.pieces.randomElement(using: &generator) ?? ""
      }.joined()
      return EventDraft.plain(text + "a")
    }
    let events = zip(1..., drafts).compactMap { number, draft in
      EventID(number).map { Event(id: $0, timestamp: Timestamp(milliseconds: 0), draft: draft) }
    }
    var writer = CSVWriter()
    for event in events { writer.append(event) }
    var parts = [writer.text, []]
    var reader = EventFileReader { parts.removeFirst() }
    for event in events {
      #expect(
        try reader.next()?.content.get().draft.message.unicodeScalars.elementsEqual(
          event.draft.message.unicodeScalars) == true)
    }
    #expect(try reader.next() == nil)
    // Even a program that sees no quotes and separates cells by semicolons finds no formula.
    let cells = writer.text.split { ";\t\n".utf8.contains($0) }
    let formulas = cells.filter { cell in
      ["=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"].contains {
        cell.starts(with: $0.utf8)
      }
    }
    #expect(formulas.isEmpty)
  }

  /// A carriage return cannot be in a message, but the rule is about every text.
  @Test(arguments: ["\r", "'\r", "a;\r", "\r\n=", "''", "';'=", ""])
  func marksAreRemovedWhereTheyWerePut(_ text: String) {
    let cell = Array(text.utf8)
    let places = EventCSV.riskyPlaces(in: cell.span)
    var marked = cell
    for place in places.reversed() { marked.insert(EventCSV.apostrophe, at: place) }
    let found = EventCSV.riskyPlaces(in: marked.span).filter { marked[$0] == EventCSV.apostrophe }
    for place in found.reversed() { marked.remove(at: place) }
    #expect(marked == cell && places.count == found.count)
  }
}
