import Testing

import EventLogFormats

/// What is taken out of lines that programs write for a terminal.
struct PlainTextTests {
  @Test(arguments: [
    ("\u{1B}[31mred\u{1B}[0m", "red"), ("\u{1B}[1;38;5;208mbold\u{1B}[m", "bold"),
    ("\u{1B}]0;title\u{07}text", "text"), ("\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{1B}\\", "link"),
    ("\u{9B}31mred", "red"), ("\u{9D}0;title\u{9C}text", "text"), ("\u{1B}P1$r0m\u{1B}\\text", "text"),
    ("\u{1B}(B\u{1B}[mplain", "plain"), ("\u{1B}7saved\u{1B}8", "saved"), ("\u{1B}[?25lhidden", "hidden"),
    ("10%\r20%", "10%\n20%"), ("a\u{07}b\u{08}\u{7F}", "a\u{FFFD}b\u{FFFD}\u{FFFD}"), ("\u{85}", "\u{FFFD}"),
    // What has no end is no sequence, so that nothing else is lost.
    ("\u{1B}", "\u{FFFD}"), ("\u{1B}[31", "\u{FFFD}[31"), ("\u{1B}]0;title", "\u{FFFD}]0;title"),
    ("\u{1B}]0;a\u{1B}[31mb", "\u{FFFD}]0;ab"), ("a\u{0}b", "a\u{FFFD}b"),
  ])
  func leavesOutSequencesAndReplacesOtherControls(_ line: String, text: String) {
    let plain = PlainText(line)
    #expect(plain.text == text)
    #expect(plain.differs)
  }

  @Test(arguments: ["", "plain", "a\tb", "日本語 é 🎉", "[31m no sequence"])
  func leavesTextAlone(_ line: String) {
    let plain = PlainText(line)
    #expect(plain.text == line)
    #expect(!plain.differs)
  }
}
