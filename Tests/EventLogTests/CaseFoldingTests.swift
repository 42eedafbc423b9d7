import EventLog
import Testing
import Text

/// These tests show which texts a search treats as equal.
struct CaseFoldingTests {
  /// The arguments are lines of Unicode's CaseFolding.txt with the status C or F.
  @Test(arguments: [
    ("A", "a"), ("ß", "ss"), ("ẞ", "ss"), ("İ", "i\u{307}"), ("ı", "ı"), ("ſ", "s"), ("K", "k"), ("Σ", "σ"),
    ("ς", "σ"), ("ﬁ", "fi"), ("Ǆ", "ǆ"), ("ǅ", "ǆ"), ("ŉ", "ʼn"), ("Ω", "ω"), ("Ა", "ა"), ("Ⅷ", "ⅷ"),
    ("Ⓐ", "ⓐ"),
    ("Ａ", "ａ"), ("𐐀", "𐐨"), ("é", "é"), ("É", "é"), ("1", "1"), ("🎉", "🎉"), ("µ", "μ"), ("ϐ", "β"),
  ])
  func foldsLikeUnicode(_ text: String, folded: String) {
    #expect(CaseFolding.fold(text) == Array(folded.utf8))
  }

  @Test func changesNothingWhenDoneTwice() {
    for value in (0...0x2FFFF as ClosedRange<UInt32>) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let once = CaseFolding.fold(String(scalar))
      if CaseFolding.fold(String(decoding: once, as: UTF8.self)) != once {
        Issue.record("U+\(String(value, radix: 16))")
      }
    }
  }

  @Test(arguments: [
    ("card", true), ("CARD declined", true), ("ard decl", true), ("web", true), ("web card", true),
    ("client declined", true), ("cardweb", false), ("straße", true), ("STRASSE", true), ("nothing", false),
    ("card nothing", false), ("d", true),
  ])
  func findsTermsInSourceOrMessage(_ search: String, isFound: Bool) {
    let terms = SearchTerms(Text(search).split(separator: " "))
    #expect(terms.match(source: "Web_Client", message: "Card DECLINED in Strasse 7") == isFound)
  }
}
