import EventLogAccess
import Foundation
import TestSupport
import Testing
import Text

/// Tests of the text of a key, which is all that its holder has.
struct KeyTextTests {
  @Test func hasTheFormThatScannersKnow() throws {
    for _ in 0..<50 {
      let key = KeyText()
      #expect(key.text.string.wholeMatch(of: /evl_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}/) != nil)
      let read = try KeyText(key.text)
      #expect(read.text == key.text && read.id == key.id && read.digest == key.digest)
      #expect(key.digest.count == 32 && key.digest == SHA256.digest([Array(key.text.utf8)]))
    }
  }

  /// The check sum is that of gzip, so that others can compute it too.
  @Test func endsWithTheCheckSumInBase62() throws {
    #expect(throws: Never.self) {
      try KeyText("evl_000000000000_00000000000000000000000000000000000000000002wun1q")
    }
    #expect(throws: KeyText.Failure.hasTypingError) {
      try KeyText("evl_000000000000_00000000000000000000000000000000000000000002wun1r")
    }
  }

  @Test func isRandom() {
    let keys = (0..<1000).map { _ in KeyText() }
    #expect(Set(keys.map(\.id)).count == keys.count && Set(keys.map(\.text)).count == keys.count)
    // Each of 62 characters is missing from 43,000 random ones less often than once in 10^300 times.
    #expect(Set(keys.flatMap { $0.text.utf8.dropFirst(17).prefix(43) }).count == 62)
  }

  @Test func tellsATypingErrorFromSomethingElse() {
    let text = KeyText().text.string
    for index in text.indices.dropFirst(4) {
      var wrong = text
      wrong.replaceSubrange(index...index, with: text[index] == "a" ? "b" : "a")
      #expect(throws: KeyText.Failure.hasTypingError, "\(wrong)") { try KeyText(Text(wrong)) }
      let missing = text[..<index] + text[text.index(after: index)...]
      #expect(throws: KeyText.Failure.hasTypingError) { try KeyText(Text(String(missing))) }
    }
    for wrong in [text + "0", text + " ", "evl_", String(text.dropLast(3)) + "é0"] {
      #expect(throws: KeyText.Failure.hasTypingError, "\(wrong)") { try KeyText(Text(wrong)) }
    }
    for other in ["", "secret", "ghp_" + text.dropFirst(4), text.lowercased().uppercased(), " " + text] {
      #expect(throws: KeyText.Failure.isNoKey, "\(other)") { try KeyText(Text(other)) }
    }
  }

  @Test func isNeverPrintedByMistake() {
    let key = KeyText()
    var dumped = ""
    dump([key], to: &dumped)
    for text in ["\(key)", String(reflecting: key), "\([key])", "\(Optional(key) as Any)", dumped] {
      #expect(text.contains(key.id.string))
      #expect(!text.contains(key.text.string.dropFirst(17).prefix(8)))
    }
    let id = SecretID()
    dumped = ""
    dump([id], to: &dumped)
    for text in ["\(id)", String(reflecting: [id]), dumped] {
      #expect(!text.contains(id.text.string.prefix(8)))
    }
  }

  @Test func isReadInLinearTime() {
    expectLinearTime("evl_{}") { _ = try? KeyText(Text("evl_" + $0.string)) }
    expectLinearTime("{}") { _ = (try? KeyText($0), SecretID($0)) }
  }
}
