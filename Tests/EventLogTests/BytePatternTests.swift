import Testing

@testable import EventLog

struct BytePatternTests {
  /// Every pattern of up to four and every text of up to seven letters over an alphabet of two, which has every way in
  /// which a pattern can overlap with itself.
  @Test func occursWhereAPlainComparisonFindsIt() {
    let words = (0...7).map(words)
    for pattern in words[0...4].joined() {
      let bytePattern = BytePattern(pattern)
      for text in words.joined() {
        let isFound = (0...max(text.count - pattern.count, 0)).contains {
          text.dropFirst($0).starts(with: pattern)
        }
        if bytePattern.occurs(in: text.span) != isFound {
          Issue.record(
            "\(String(decoding: pattern, as: UTF8.self)) in \(String(decoding: text, as: UTF8.self))")
        }
      }
    }
  }

  private func words(ofLength length: Int) -> [[UInt8]] {
    (0..<1 << length).map { bits in (0..<length).map { UInt8(ascii: bits >> $0 & 1 == 0 ? "a" : "b") } }
  }
}
