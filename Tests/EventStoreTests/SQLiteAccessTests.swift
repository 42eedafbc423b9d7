import EventLog
import EventLogAccess
import GRDB
import TestSupport
import Testing
import Text

@testable import EventLogSQLite

/// Tests of keys in the log's file.
@Suite(.timeLimit(.minutes(5)))
struct SQLiteAccessTests {
  private let folder: TemporaryFolder
  private let clock = TestClock()

  init() throws {
    folder = try TemporaryFolder()
  }

  private func store() throws -> SQLiteEventStore { try AccessKind.sqlite(in: folder, clock) }

  private func makeKey(
    _ store: SQLiteEventStore, _ name: Text = "a"
  ) async throws -> (key: AccessKey, text: KeyText) {
    try #require(try await store.makeKey(try NewKey(name: name, roles: [.admin]), by: nil))
  }

  @Test func isInForceInOtherProcessesWithinASecond() async throws {
    let (mine, other) = (try store(), try store())
    func knows(_ text: KeyText) async throws -> Bool {
      try await other.snapshot(maximumAge: SQLiteEventStore.usualAge).key(text, at: clock.time) != nil
    }
    // What is older is read again. How long that takes here depends on what else the machine does.
    #expect(SQLiteEventStore.usualAge < .seconds(1))
    func becomes(_ wanted: Bool, _ text: KeyText) async throws -> Bool {
      let start = ContinuousClock.now
      while try await knows(text) != wanted {
        if .now - start > patience { return false }
        try await Task.sleep(for: .milliseconds(5))
      }
      return true
    }
    _ = try await other.snapshot(maximumAge: .zero)
    let made = try await makeKey(mine)
    #expect(try await becomes(true, made.text))
    let rotated = try #require(try await mine.rotateKey(named: "a", by: nil))
    #expect(try await becomes(false, made.text))
    #expect(try await knows(rotated.text))
    #expect(try await mine.revokeKey(named: "a", by: nil))
    #expect(try await becomes(false, rotated.text))
  }

  @Test func reservesANameForOneOfManyWhoAskAtOnce() async throws {
    let stores = try (0..<3).map { _ in try store() }
    let made = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<30 {
        group.addTask {
          try await stores[number % 3].makeKey(try NewKey(name: "a", roles: [.read]), by: nil) != nil
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(made == 1)
    #expect(try await stores[0].snapshot(maximumAge: .zero).keys.count == 1)
  }

  /// A change and its event are in one transaction.
  @Test func changesNothingWithoutItsEvent() async throws {
    let store = try store()
    let made = try await makeKey(store)
    try await store.writer.run { database in
      try database.execute(
        sql: "CREATE TEMP TRIGGER no BEFORE INSERT ON main.event BEGIN SELECT raise(ABORT, 'no'); END")
    }
    await #expect(throws: EventStoreError.self) { try await makeKey(store, "b") }
    await #expect(throws: EventStoreError.self) { _ = try await store.revokeKey(named: "a", by: nil) }
    await #expect(throws: EventStoreError.self) { _ = try await store.rotateKey(named: "a", by: nil) }
    let snapshot = try await store.snapshot(maximumAge: .zero)
    #expect(snapshot.keys == [made.key] && snapshot.key(made.text, at: clock.time) == made.key)
  }

  @Test func writesUsesWhenItIsClosed() async throws {
    let id = SecretID()
    let store = try store()
    let made = try await makeKey(store)
    try await store.beginSession(id, with: made.key, isRemembered: false)
    let session = try #require(try await store.snapshot(maximumAge: .zero).session(id, at: clock.time))
      .session
    clock.advance(milliseconds: 3_600_000)
    store.noteUse(of: made.key, session)
    store.close()
    let other = try self.store()
    let found = try #require(try await other.snapshot(maximumAge: .zero).session(id, at: clock.time))
    #expect(found.key.lastUsed == clock.time && found.session.lastUsed == clock.time)
    #expect(try await other.ownEvents.last?.draft.message == "The key a was used for the first time")
    // What is known to the minute is not written again.
    clock.advance(milliseconds: 59_000)
    #expect(AccessUses().note(found.key, found.session, at: clock.time) == nil)
    clock.advance(milliseconds: 1000)
    #expect(AccessUses().note(found.key, found.session, at: clock.time) != nil)
  }

  @Test func recordsWrongKeysOfManyProcessesOnceAMinute() async throws {
    // Each is like a CGI program, which answers one request.
    for _ in 0..<5 {
      let store = try store()
      store.noteWrongKey(from: "192.0.2.1")
      store.close()
    }
    #expect(try await store().ownEvents.map(\.draft.message) == ["A wrong key was sent from 192.0.2.1"])
    clock.advance(milliseconds: 60_000)
    let store = try store()
    store.noteWrongKey(from: "192.0.2.2")
    store.close()
    let events = try await self.store().ownEvents
    #expect(events.count == 2)
    #expect(events.last?.draft.message == "5 wrong keys were sent, the last one from 192.0.2.2")
    // A clock that was set back keeps nothing from being recorded.
    clock.advance(milliseconds: -3_600_000)
    let last = try self.store()
    last.noteWrongKey(from: nil)
    last.close()
    #expect(try await self.store().ownEvents.last?.draft.message == "A wrong key was sent")
  }

  /// Whoever logs in often ends only sessions of the same key, and does not fill the log.
  @Test func keepsABoundedNumberOfSessionsOfAKey() async throws {
    let store = try store()
    let made = try await makeKey(store)
    let other = try #require(
      try await store.makeKey(try NewKey(name: "other", roles: [.read]), by: nil))
    let oldest = SecretID()
    try await store.beginSession(oldest, with: other.key, isRemembered: true)
    clock.advance(milliseconds: 1)
    let start = clock.time.milliseconds
    try await store.writer.run { database in
      try database.execute(
        sql: """
          INSERT INTO access_session (digest, key_id, created, last_used, is_remembered)
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 100)
            SELECT CAST(n AS BLOB), ?, ?, ? + n, 1 FROM number
          """, arguments: [made.key.id.string, start, start])
    }
    let id = SecretID()
    clock.advance(milliseconds: 20_000)
    try await store.beginSession(id, with: made.key, isRemembered: true)
    clock.advance(milliseconds: Session.loginInterval / 2)
    for _ in 0..<5 { try await store.beginSession(SecretID(), with: made.key, isRemembered: true) }
    #expect(
      try await store.ownEvents.count {
        $0.draft.message == "Somebody logged in with the key \(made.key.name)"
      } == 0)
    clock.advance(milliseconds: Session.loginInterval + 1)
    try await store.beginSession(SecretID(), with: made.key, isRemembered: true)
    #expect(
      try await store.ownEvents.count {
        $0.draft.message == "Somebody logged in with the key \(made.key.name)"
      } == 1)
    func count(_ condition: String) async throws -> Int? {
      try await store.writer.run { database in
        try Int.fetchOne(database, sql: "SELECT count(*) FROM access_session WHERE \(condition)")
      }
    }
    #expect(try await count("true") == Session.maximumCount + 1)
    #expect(try await count("digest = CAST(1 AS BLOB)") == 0)
    for known in [id, oldest] {
      #expect(try await store.snapshot(maximumAge: .zero).session(known, at: clock.time) != nil)
    }
    // Those that have ended go, too.
    clock.advance(milliseconds: Session.wholeTime(isRemembered: true))
    try await store.beginSession(SecretID(), with: made.key, isRemembered: false)
    #expect(try await count("true") == 1)
  }

  @Test func keepsOnlyDigests() async throws {
    let (store, id) = (try store(), SecretID())
    let made = try await makeKey(store)
    try await store.beginSession(id, with: made.key, isRemembered: true)
    let bytes = try LogFiles(folder).bytes.values.reduce(into: []) { $0 += Array($1) }
    for digest in [made.key.digest, id.digest] { #expect(bytes.firstRange(of: digest) != nil) }
    for secret in [made.text.text.string.dropFirst(17), id.text.string[...]] {
      #expect(bytes.firstRange(of: Array(secret.utf8)) == nil)
    }
  }

  @Test func areInABackupWithoutSessions() async throws {
    let (store, id) = (try store(), SecretID())
    let made = try await makeKey(store)
    try await store.beginSession(id, with: made.key, isRemembered: true)
    try Backup.copy(folder.path(), to: folder.path("copy.sqlite"))
    #expect(try ReadOnlyLog(path: folder.path("copy.sqlite")).keys() == [made.key])
    #expect(try await store.revokeKey(named: "a", by: nil))
    let restored = try Restoration.restore(folder.path("copy.sqlite"), to: folder.path("other.sqlite"))
    #expect(restored.keys == 1)
    let other = try SQLiteEventStore(path: folder.path("other.sqlite"))
    let snapshot = try await other.snapshot(maximumAge: .zero)
    #expect(snapshot.key(made.text, at: clock.time) == made.key)
    #expect(snapshot.session(id, at: clock.time) == nil)
  }

  @Test func areLeftOutOfAnExport() async throws {
    let (store, other) = (try store(), try SQLiteEventStore(path: folder.path("other.sqlite")))
    _ = try await makeKey(store)
    // What the log says about its keys is there, and no key is.
    #expect(try await other.restore(try await store.page(EventQuery()).events, after: nil))
    #expect(try await other.ownEvents.count == 1)
    #expect(try await other.snapshot(maximumAge: .zero).keys.isEmpty)
  }

  /// Version 6 had no keys, and nobody who recorded an event.
  @Test func bringsALogOfVersion6UpToDate() async throws {
    do {
      let store = try store()
      try await store.append(.plain("before"))
      store.close()
    }
    try await DatabaseQueue(path: folder.path()).writeWithoutTransaction { database in
      try database.execute(
        sql: """
          DROP TABLE access_key; DROP TABLE access_session; DROP TABLE access_state; DROP TABLE wrong_key;
          ALTER TABLE event RENAME TO newer;
          CREATE TABLE event (
            id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER NOT NULL, type TEXT NOT NULL,
            source TEXT NOT NULL, message TEXT NOT NULL, user_id TEXT, request_id TEXT, tags TEXT, data TEXT,
            occurred_at INTEGER -- when it happened
          ) STRICT;
          INSERT INTO event SELECT id, timestamp, type, source, message, user_id, request_id, tags, data,
            occurred_at FROM newer;
          DROP TABLE newer;
          PRAGMA user_version = 6;
          """)
    }
    let old = try SQLiteEventStore(opening: folder.path(), SQLiteEventStore.Settings(), logger: .silent)
    #expect(old.isMigrating)
    let error = await #expect(throws: EventStoreError.self) { _ = try await old.snapshot(maximumAge: .zero) }
    #expect(error?.reason == .migrating)
    let refused = await #expect(throws: EventStoreError.self) { _ = try await makeKey(old) }
    #expect(refused?.reason == .migrating)
    #expect(throws: EventStoreError.self) { try ReadOnlyLog(path: folder.path()).keys() }
    try old.migrate { _ in }
    let made = try await makeKey(old)
    try await old.append(EventDraft.plain("after").recorded(by: "a"))
    #expect(try await old.snapshot(maximumAge: .zero).keys == [made.key])
    #expect(try await old.page(EventQuery()).events.map(\.draft.recordedBy) == [nil, nil, "a"])
  }
}

extension LogFiles {
  /// The files of a log that a test has made itself.
  fileprivate init(_ folder: TemporaryFolder) {
    (self.folder, path) = (folder, folder.path())
  }
}
