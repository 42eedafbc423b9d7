import EventLog
import EventLogAccess
import Testing
import Text

/// Tests of finding keys and sessions.
struct AccessSnapshotTests {
  private let now = Timestamp(milliseconds: 1_000_000)
  private let text = KeyText()

  private func key(_ text: KeyText, named name: Text = "a", span: Int64? = nil) throws -> AccessKey {
    let new = try NewKey(name: name, roles: [.read], span: span.flatMap(TimeSpan.init(seconds:)))
    return AccessKey(new, text, at: now)
  }

  private func later(_ milliseconds: Int64) -> Timestamp {
    Timestamp(milliseconds: now.milliseconds + milliseconds)
  }

  @Test func findsAKeyByItsWholeText() throws {
    let (key, other) = (try key(text), try key(KeyText(), named: "b"))
    let snapshot = AccessSnapshot(keys: [other, key], sessions: [])
    #expect(snapshot.key(text, at: now) == key)
    #expect(snapshot.key(KeyText(), at: now) == nil)
    #expect(snapshot.keys.map(\.name) == ["a", "b"])
    #expect(snapshot.key(named: "b") == other && snapshot.key(named: "c") == nil)
    // The id of one key with the secret of another.
    let mixed = AccessKey(
      id: text.id, name: "c", roles: [.admin], source: nil, created: now, ends: nil, digest: other.digest)
    #expect(AccessSnapshot(keys: [mixed], sessions: []).key(text, at: now) == nil)
  }

  @Test func findsAKeyUntilItEnds() throws {
    let snapshot = AccessSnapshot(keys: [try key(text, span: 60)], sessions: [])
    #expect(snapshot.key(text, at: later(59_999)) != nil && snapshot.hasKey(at: later(59_999)))
    #expect(snapshot.key(text, at: later(60_000)) == nil && !snapshot.hasKey(at: later(60_000)))
  }

  @Test(arguments: [false, true])
  func findsASessionUntilItEnds(_ isRemembered: Bool) throws {
    let (key, id) = (try key(text), SecretID())
    func found(usedAfter used: Int64, at moment: Int64) -> Bool {
      let session = Session(
        digest: id.digest, keyID: key.id, created: now, lastUsed: later(used), isRemembered: isRemembered)
      return AccessSnapshot(keys: [key], sessions: [session]).session(id, at: later(moment)) != nil
    }
    let (idle, whole) = (
      Session.idleTime(isRemembered: isRemembered), Session.wholeTime(isRemembered: isRemembered)
    )
    #expect(idle < whole)
    #expect(found(usedAfter: 0, at: idle - 1) && !found(usedAfter: 0, at: idle))
    #expect(found(usedAfter: 5000, at: idle))
    #expect(found(usedAfter: whole - 5, at: whole - 1) && !found(usedAfter: whole - 5, at: whole))
  }

  @Test func findsNoSessionOfAKeyThatIsGoneOrHasEnded() throws {
    let (key, id) = (try key(text, span: 60), SecretID())
    let session = Session(
      digest: id.digest, keyID: key.id, created: now, lastUsed: now, isRemembered: true)
    let snapshot = AccessSnapshot(keys: [key], sessions: [session])
    #expect(snapshot.session(id, at: later(59_999))?.key == key)
    #expect(snapshot.session(id, at: later(60_000)) == nil && snapshot.session(SecretID(), at: now) == nil)
    #expect(AccessSnapshot(keys: [], sessions: [session]).session(id, at: now) == nil)
  }

  @Test func comparesDigestsWhole() {
    let digest = KeyText().digest
    #expect(Digest.areEqual(digest, digest) && !Digest.areEqual(digest, Array(digest.dropLast())))
    for index in digest.indices {
      var other = digest
      other[index] ^= 0x80
      #expect(!Digest.areEqual(digest, other))
    }
  }
}
