import Linux
import Testing

struct ScalarColumnsTests {
  @Test(
    arguments: [
      ("a", 1), ("é", 1), ("日", 2), ("한", 2), ("🎉", 2), ("\u{301}", 0), ("…", 1), ("ａ", 2),
    ] as [(Unicode.Scalar, Int)])
  func takesColumnsOfATerminal(_ scalar: Unicode.Scalar, columns: Int) {
    #expect(scalar.columns == columns)
  }
}
