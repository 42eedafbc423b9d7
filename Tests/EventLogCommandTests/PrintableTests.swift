import Testing

@testable import EventLogCommand

/// What may go to a terminal.
struct PrintableTests {
  @Test(arguments: [
    ("\u{1B}]0;title\u{07}", "\u{FFFD}]0;title\u{FFFD}"), ("a\nb\tc\r\u{2028}d", "a b c  d"),
    ("\u{202E}txt.exe\u{2066}", "\u{FFFD}txt.exe\u{FFFD}"), ("\u{9B}31m\u{7F}", "\u{FFFD}31m\u{FFFD}"),
    ("a\u{200B}\u{FEFF}\u{AD}b", "a\u{FFFD}\u{FFFD}\u{FFFD}b"),
    // Persian words and families need their joiners.
    ("می\u{200C}خواهم 👩\u{200D}👧 日本 é", "می\u{200C}خواهم 👩\u{200D}👧 日本 é"), ("plain", "plain"), ("", ""),
  ])
  func isWhatATerminalDoesNotObey(_ text: String, printed: String) {
    #expect(Array(text.printable().unicodeScalars) == Array(printed.unicodeScalars))
  }

  @Test func keepsWhatIsAllowed() {
    #expect("a\nb\u{1B}".printable(keeping: ["\n"]) == "a\nb\u{FFFD}")
  }
}
