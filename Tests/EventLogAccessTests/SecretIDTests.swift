import EventLogAccess
import Testing
import Text

/// Tests of the random ids in cookies.
struct SecretIDTests {
  @Test func hasRandomDigits() throws {
    let ids = (0..<1000).map { _ in SecretID() }
    #expect(Set(ids.map(\.text)).count == ids.count)
    for id in ids {
      #expect(id.text.string.wholeMatch(of: /[0-9a-f]{64}/) != nil)
      #expect(try #require(SecretID(id.text)).digest == id.digest)
    }
  }

  @Test func readsNothingElse() {
    let text = SecretID().text.string
    for other in [
      "", text + "0", String(text.dropLast()), String(text.dropLast()) + "g", text.uppercased() + "A",
    ] {
      #expect(SecretID(Text(other)) == nil, "\(other)")
    }
  }
}
