import Testing
import Text

/// Tests that texts are compared by their bytes, and that nothing done with them takes longer than their size allows.
struct TextTests {
  @Test func isEqualOnlyToTheSameBytes() {
    #expect("caf\u{E9}" == "cafe\u{301}")
    #expect(Text("caf\u{E9}") != Text("cafe\u{301}"))
    #expect(Set<Text>(["\u{E9}", "e\u{301}", "\u{E9}"]).count == 2)
    #expect(Text("") == "" && Text("a") != "" && Text("ab") != "ac" && Text("a") != "ab")
  }

  @Test func isOrderedByCodePoints() {
    let texts: [Text] = ["", "A", "a", "ab", "z", "\u{E9}", "\u{FF5E}", "\u{1F389}"]
    #expect(texts.shuffled().sorted() == texts)
  }

  @Test func isReadFromUTF8AndNothingElse() {
    #expect(Text(utf8: [0xC3, 0xA9].span) == "\u{E9}")
    #expect(Text(utf8: [0xC3].span) == nil)
  }

  @Test func isQuotedInFullOrInItsBeginning() {
    let longest = String(repeating: "\u{E9}", count: 64)
    #expect(Text(longest).abridged == longest)
    #expect(Text(longest + "x").abridged == longest + "…")
    #expect(Text(Marks.text).abridged.utf8.count == 64 * 2 + 3)
  }

  @Test func isSplitWhereverASeparatorStands() {
    #expect(Text("a,b,,").split(separator: ",") == ["a", "b", "", ""])
    #expect(Text("").split(separator: ",") == [""])
    #expect(Text("a.b.c").split(separator: ".", maximumSplits: 1) == ["a", "b.c"])
    #expect(Text("a,\u{301}b").split(separator: ",") == ["a", "\u{301}b"])
  }

  @Test func losesAPrefix() {
    #expect(Text("q=1").dropping(prefix: "q=") == "1")
    #expect(Text("q=\u{301}").dropping(prefix: "q=") == "\u{301}")
    #expect(Text("q").dropping(prefix: "q=") == nil)
  }

  @Test(
    arguments: [
      ("", ""), (" \t ", ""), ("a", "a"), (" a b\t", "a b"), ("\u{A0}a", "\u{A0}a"), (" \u{301}", "\u{301}"),
    ] as [(Text, Text)])
  func losesTheBlanksAtItsEnds(_ text: Text, trimmed: Text) {
    #expect(text.trimmingBlanks == trimmed)
  }

  @Test(
    arguments: [
      ("", ""), ("\u{2003}\n", ""), ("a", "a"), ("\u{A0} a\u{3000}b\u{85}\r\n", "a\u{3000}b"),
      (" \u{301} ", "\u{301}"),
    ] as [(Text, Text)])
  func losesTheWhiteSpaceAtItsEnds(_ text: Text, trimmed: Text) {
    #expect(text.trimmed == trimmed)
    #expect(text.isBlank == trimmed.isEmpty)
  }

  @Test(
    arguments: [
      ("a", "a"), ("a\r\nb\rc\nd", "a\nb\nc\nd"), ("\r\r\n\n\r", "\n\n\n\n"), ("\r\u{301}", "\n\u{301}"),
    ] as [(Text, Text)])
  func hasALineFeedForEachLineEnding(_ text: Text, expected: Text) {
    #expect(text.withLineFeeds == expected)
  }

  @Test func hasASCIILettersInLowerCase() {
    #expect(Text("Text/HTML; \u{C9}").lowercasedASCII == "text/html; \u{C9}")
    #expect(Text("A\u{301}").lowercasedASCII == "a\u{301}")
  }

  private enum Colour: String, CaseIterable {
    case red
    case caf = "caf\u{E9}"
  }

  @Test func namesACaseByItsBytes() {
    #expect(Colour(named: "red") == .red && Colour(named: "caf\u{E9}") == .caf)
    #expect(
      Colour(named: "cafe\u{301}") == nil && Colour(named: "") == nil
        && Colour(named: Text(Marks.text)) == nil)
  }

  @Test(.timeLimit(.minutes(1)))
  func doesEverythingWithAMegabyteOfMarks() {
    // Comparing two such strings, hashing one or looking at its characters would take minutes.
    let (text, other) = (Text(Marks.text), Text(Marks.text + "x"))
    #expect(text != other && text < other && Set([text, other]).count == 2)
    #expect(text.split(separator: ",").count == 1 && text.dropping(prefix: "x") == nil)
    #expect(text.trimmed == text && text.trimmingBlanks == text && text.withLineFeeds == text)
    #expect(text.lowercasedASCII == text && !text.isBlank && Colour(named: text) == nil)
  }
}

/// The worst text: combining marks in turn, out of their canonical order.
private enum Marks {
  static let text = String(repeating: "\u{301}\u{323}", count: 262_144)
}
