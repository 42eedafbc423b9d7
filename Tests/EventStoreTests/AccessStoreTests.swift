import EventLog
import EventLogAccess
import TestSupport
import Testing
import Text

/// The contract of `AccessStore`, on every store.
@Suite(.timeLimit(.minutes(5)))
struct AccessStoreTests {
  private let folder: TemporaryFolder
  private let clock = TestClock()

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(arguments: AccessKind.allCases)
  func makesAKey(_ kind: AccessKind) async throws {
    let (log, keys) = try kind.make(in: folder, clock)
    #expect(try await keys.snapshot(maximumAge: .zero).keys.isEmpty)
    let new = try NewKey(
      name: "till", roles: [.record, .read], source: "shop", span: TimeSpan(seconds: 60))
    let made = try #require(try await keys.makeKey(new, by: nil))
    let key = made.key
    #expect(key.name == "till" && key.roles == [.record, .read] && key.source == "shop")
    #expect(key.created == clock.time && key.lastUsed == nil && key.digest == made.text.digest)
    #expect(key.ends?.milliseconds == clock.time.milliseconds + 60_000)
    let snapshot = try await keys.snapshot(maximumAge: AccessStoreTests.usualAge)
    #expect(snapshot.keys == [key] && snapshot.key(made.text, at: clock.time) == key)
    #expect(snapshot.key(KeyText(), at: clock.time) == nil)
    #expect(try await log.ownEvents.count == 1)
  }

  private static let usualAge = MemoryAccessStore.usualAge

  @Test(arguments: AccessKind.allCases)
  func makesNoSecondKeyOfAName(_ kind: AccessKind) async throws {
    let (log, keys) = try kind.make(in: folder, clock)
    let first = try #require(try await keys.makeKey(try NewKey(name: "a", roles: [.read]), by: nil))
    #expect(try await keys.makeKey(try NewKey(name: " a ", roles: [.admin]), by: nil) == nil)
    #expect(try await keys.snapshot(maximumAge: .zero).keys == [first.key])
    #expect(try await log.ownEvents.count == 1)
    // Names are compared by their bytes.
    for name: Text in ["A", "\u{e9}", "e\u{301}"] {
      #expect(try await keys.makeKey(try NewKey(name: name, roles: [.read]), by: nil) != nil)
    }
  }

  @Test(arguments: AccessKind.allCases)
  func endsAKeyAndItsSessionsAtOnceWhenItIsRevoked(_ kind: AccessKind) async throws {
    let (_, keys) = try kind.make(in: folder, clock)
    let (made, other, ids) = try await twoKeysWithSessions(keys)
    #expect(try await keys.revokeKey(named: "a", by: nil))
    let snapshot = try await keys.snapshot(maximumAge: Self.usualAge)
    #expect(snapshot.key(made.text, at: clock.time) == nil && snapshot.key(named: "a") == nil)
    #expect(
      snapshot.session(ids[0], at: clock.time) == nil && snapshot.session(ids[1], at: clock.time) == nil)
    #expect(snapshot.session(ids[2], at: clock.time)?.key == other.key)
    #expect(try await !keys.revokeKey(named: "a", by: nil))
    #expect(try await keys.makeKey(try NewKey(name: "a", roles: [.read]), by: nil) != nil)
  }

  @Test(arguments: AccessKind.allCases)
  func endsTheOldKeyAndItsSessionsAtOnceWhenItIsRotated(_ kind: AccessKind) async throws {
    let (_, keys) = try kind.make(in: folder, clock)
    let (made, other, ids) = try await twoKeysWithSessions(keys)
    clock.advance(milliseconds: 50_000)
    let rotated = try #require(try await keys.rotateKey(named: "a", by: nil))
    let snapshot = try await keys.snapshot(maximumAge: Self.usualAge)
    #expect(snapshot.key(made.text, at: clock.time) == nil)
    #expect(snapshot.key(rotated.text, at: clock.time) == rotated.key)
    #expect(snapshot.key(other.text, at: clock.time) == other.key && snapshot.keys.count == 2)
    #expect(rotated.key.roles == made.key.roles && rotated.key.name == "a")
    #expect(rotated.key.lastUsed == nil && rotated.key.created == clock.time)
    // It can be used for as long as the old one could.
    #expect(rotated.key.ends?.milliseconds == clock.time.milliseconds + 60_000)
    #expect(snapshot.session(ids[0], at: clock.time) == nil)
    #expect(snapshot.session(ids[2], at: clock.time) != nil)
    #expect(try await keys.rotateKey(named: "none", by: nil) == nil)
  }

  /// Makes a key with two sessions, and another with one.
  private func twoKeysWithSessions(
    _ keys: any AccessStore
  ) async throws -> (
    a: (key: AccessKey, text: KeyText), b: (key: AccessKey, text: KeyText), sessions: [SecretID]
  ) {
    let span = try #require(TimeSpan(seconds: 60))
    let a = try #require(try await keys.makeKey(try NewKey(name: "a", roles: [.read], span: span), by: nil))
    let b = try #require(try await keys.makeKey(try NewKey(name: "b", roles: [.admin]), by: nil))
    let ids = [SecretID(), SecretID(), SecretID()]
    for (id, key) in zip(ids, [a.key, a.key, b.key]) {
      try await keys.beginSession(id, with: key, isRemembered: false)
    }
    return (a, b, ids)
  }

  @Test(arguments: AccessKind.allCases)
  func endsSessions(_ kind: AccessKind) async throws {
    let (_, keys) = try kind.make(in: folder, clock)
    let (made, _, ids) = try await twoKeysWithSessions(keys)
    func alive() async throws -> [Bool] {
      let snapshot = try await keys.snapshot(maximumAge: Self.usualAge)
      return ids.map { snapshot.session($0, at: clock.time) != nil }
    }
    #expect(try await alive() == [true, true, true])
    try await keys.endSession(ids[0])
    #expect(try await alive() == [false, true, true])
    try await keys.endSession(ids[0])
    try await keys.endSession(SecretID())
    #expect(try await alive() == [false, true, true])
    try await keys.endSessions(of: made.key)
    #expect(try await alive() == [false, false, true])
  }

  @Test(arguments: AccessKind.allCases)
  func beginsNoSessionWithAKeyThatIsGone(_ kind: AccessKind) async throws {
    let (log, keys) = try kind.make(in: folder, clock)
    let made = try #require(try await keys.makeKey(try NewKey(name: "a", roles: [.read]), by: nil))
    let rotated = try #require(try await keys.rotateKey(named: "a", by: nil))
    let id = SecretID()
    try await keys.beginSession(id, with: made.key, isRemembered: true)
    #expect(try await keys.snapshot(maximumAge: .zero).session(id, at: clock.time) == nil)
    #expect(try await log.ownEvents.count == 2)
    try await keys.beginSession(id, with: rotated.key, isRemembered: true)
    #expect(try await keys.snapshot(maximumAge: .zero).session(id, at: clock.time) != nil)
  }

  @Test(arguments: AccessKind.allCases)
  func recordsWhatIsDone(_ kind: AccessKind) async throws {
    let (log, keys) = try kind.make(in: folder, clock)
    let new = try NewKey(name: "till", roles: [.read, .record], source: "shop")
    let made = try #require(try await keys.makeKey(new, by: "boss"))
    let rotated = try #require(try await keys.rotateKey(named: "till", by: nil))
    try await keys.beginSession(SecretID(), with: rotated.key, isRemembered: false)
    #expect(try await keys.revokeKey(named: "till", by: "boss"))
    let events = try await log.ownEvents
    #expect(
      events.map(\.draft.message) == [
        "The key till was made by boss", "The key till was rotated on the command line",
        "Somebody logged in with the key till", "The key till was revoked by boss",
      ])
    for event in events {
      #expect(
        event.draft.type == .system && event.draft.source == "eventlog" && event.timestamp == clock.time)
      let data = try #require(event.draft.data?.json)
      #expect(data.contains(#""key":"till""#) && data.contains(#""roles":["record","read"]"#))
      #expect(data.contains(#""source":"shop""#))
      for text in [made.text, rotated.text] {
        #expect(!"\(event)".contains(text.text.string.dropFirst(17).prefix(8)))
      }
    }
  }

  @Test(arguments: AccessKind.allCases)
  func recordsTheFirstUseOfAKeyOnce(_ kind: AccessKind) async throws {
    let (log, keys) = try kind.make(in: folder, clock)
    let made = try #require(try await keys.makeKey(try NewKey(name: "a", roles: [.read]), by: nil))
    for _ in 0..<20 { keys.noteUse(of: made.key, nil) }
    func used() async throws -> AccessKey? {
      try await keys.snapshot(maximumAge: .zero).key(named: "a")
    }
    let deadline = ContinuousClock.now + patience
    while .now < deadline {
      let isUsed = try await used()?.lastUsed != nil
      if isUsed, try await log.ownEvents.count >= 2 { break }
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(try await used()?.lastUsed == clock.time)
    let key = try #require(try await used())
    for _ in 0..<20 { keys.noteUse(of: key, nil) }
    try await Task.sleep(for: .milliseconds(300))
    #expect(
      try await log.ownEvents.map(\.draft.message)
        == ["The key a was made on the command line", "The key a was used for the first time"])
  }

  @Test(arguments: AccessKind.allCases)
  func recordsWrongKeysTogether(_ kind: AccessKind) async throws {
    let (log, keys) = try kind.make(in: folder, clock)
    for number in 1...100 { keys.noteWrongKey(from: "192.0.2.\(number)") }
    let deadline = ContinuousClock.now + patience
    while try await log.ownEvents.isEmpty, .now < deadline { try await Task.sleep(for: .milliseconds(10)) }
    for _ in 0..<100 { keys.noteWrongKey(from: nil) }
    try await Task.sleep(for: .milliseconds(300))
    let events = try await log.ownEvents
    #expect(events.count == 1)
    #expect(events.first?.draft.message.contains("wrong key") == true)
    #expect(events.first?.draft.data?.json.contains("192.0.2.") == true)
  }
}
