import EventLog
import GRDB
import Synchronization
import TestSupport
import Testing
import Text

@testable import EventLogSQLite

/// Tests that what is appended under a key is recorded once.
@Suite(.timeLimit(.minutes(5)))
struct IdempotencyTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func key(_ text: Text, content: [UInt8] = [1]) throws -> IdempotencyKey {
    try #require(IdempotencyKey(text, content: content))
  }

  @Test(arguments: StoreKind.allCases)
  func takesTheSameKeyOfAnotherVisitorForAnotherKey(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    let key = try key("k")
    var ids: Set<EventID> = []
    for owner: Text? in [nil, "a", "b", "form a"] {
      let owned = key.owned(by: owner)
      let events = try #require(try await store.append([.plain()], under: owned))
      #expect(try await store.append([.plain()], under: owned) == events)
      ids.formUnion(events.map(\.id))
      // What one visitor has used says nothing about the same key of another.
      let other = try self.key("k", content: [2]).owned(by: owner)
      #expect(try await store.append([.plain()], under: other) == nil)
    }
    #expect(ids.count == 4)
    // No key of one visitor is that of another, however both are written.
    let keys = [
      key, key.part(1), key.owned(by: "a"), key.owned(by: "a").part(1), key.owned(by: "a\u{A0}"),
      try self.key("a\n\nk"), try self.key("a\nk"),
    ]
    #expect(Set(keys.map(\.text)).count == keys.count)
  }

  @Test(arguments: StoreKind.allCases)
  func recordsTheSameContentOnce(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    let drafts = [EventDraft.plain("a"), try .full()]
    let events = try #require(try await store.append(drafts, under: key("k")))
    #expect(events.map(\.draft) == drafts)
    try await store.append(.plain("other"))
    for _ in 0..<2 { #expect(try await store.append(drafts, under: key("k")) == events) }
    // Another key is another append, and so is one that differs in case.
    #expect(try await store.append(drafts, under: key("K"))?.first?.id.number == 4)
    #expect(try await store.page(EventQuery(limit: 10)).events.count == 5)
  }

  @Test(arguments: StoreKind.allCases)
  func refusesOtherContentUnderTheSameKey(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    _ = try await store.append([.plain("a")], under: key("k"))
    #expect(try await store.append([.plain("b")], under: key("k", content: [2])) == nil)
    #expect(try await store.page(EventQuery(limit: 10)).events.map(\.draft.message) == ["a"])
  }

  @Test(arguments: StoreKind.allCases)
  func forgetsAKeyAfterItsTime(_ kind: StoreKind) async throws {
    let now = Mutex<Int64>(1_000_000_000)
    let store = try kind.makeStore(in: folder, now: { Timestamp(milliseconds: now.withLock(\.self)) })
    let first = try await store.append([.plain("a")], under: key("k"))
    now.withLock { $0 += 86_399_999 }
    #expect(try await store.append([.plain("a")], under: key("k")) == first)
    now.withLock { $0 += 1 }
    #expect(try await store.append([.plain("b")], under: key("k", content: [2]))?.first?.id.number == 2)
    #expect(try await store.append([.plain("b")], under: key("k", content: [2]))?.first?.id.number == 2)
  }

  @Test(arguments: StoreKind.allCases)
  func recordsOnceWhoeverIsFirst(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    let answers = try await withThrowingTaskGroup(of: [Event]?.self) { group in
      for _ in 0..<30 { group.addTask { try await store.append([.plain("a")], under: key("k")) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.count == 30 && answers.allSatisfy { $0?.first?.id.number == 1 })
    #expect(try await store.page(EventQuery(limit: 10)).events.count == 1)
  }

  @Test func isKnownToEveryProcessAndAfterARestart() async throws {
    var settings = SQLiteEventStore.Settings()
    settings.keyPatience = patience * 10
    let stores = try (0..<3).map { _ in try SQLiteEventStore(path: folder.path(), settings) }
    let answers = try await withThrowingTaskGroup(of: [Event]?.self) { group in
      for number in 0..<60 {
        let store = stores[number % 3]
        group.addTask {
          try await store.append([.plain("a"), .plain("b")], under: key(Text("\(number / 6)")))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(answers.compactMap { $0?.first?.id }).count == 10)
    for store in stores { store.close() }
    let store = try SQLiteEventStore(path: folder.path())
    #expect(answers.contains(try await store.append([.plain("a"), .plain("b")], under: key("3"))))
    #expect(try await store.statistics().events == 20)
  }

  @Test func waitsForTheOtherAppendUnderTheKey() async throws {
    var settings = SQLiteEventStore.Settings()
    settings.keyPatience = .milliseconds(100)
    let store = try SQLiteEventStore(path: folder.path(), settings)
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: folder.path(), configuration: configuration)
    try await other.writeWithoutTransaction { database in
      try database.execute(sql: "BEGIN IMMEDIATE")
    }
    let task = Task { try await store.append([.plain("a")], under: key("k")) }
    #expect(try await eventually { store.committer.longestWait != nil })
    let error = await #expect(throws: EventStoreError.self) {
      try await store.append([.plain("a")], under: key("k"))
    }
    #expect(error?.reason == .underWay)
    try await other.writeWithoutTransaction { database in try database.execute(sql: "ROLLBACK") }
    #expect(try await task.value == store.append([.plain("a")], under: key("k")))
  }

  @Test func waitsNoLongerThanItsTask() async throws {
    let keys = KeysUnderWay(patience: patience)
    try await keys.begin("k")
    let tasks = (0..<3).map { _ in Task { try await keys.begin("k") } }
    for task in tasks { task.cancel() }
    for task in tasks {
      let error = await #expect(throws: EventStoreError.self) { try await task.value }
      #expect(error?.reason == .cancelled)
    }
    // The key is as free as if nobody had waited.
    keys.end("k")
    try await keys.begin("k")
  }

  @Test func forgetsTheOldestOfTooMany() async throws {
    let store = try SQLiteEventStore(path: folder.path())
    for name: Text in ["a", "b"] { _ = try await store.append([.plain(name.string)], under: key(name)) }
    let database = try DatabaseQueue(path: folder.path())
    try await database.write { database in
      try database.execute(sql: "UPDATE idempotency_key SET id = id - 1000000 WHERE key = 'a'")
    }
    _ = try await store.append([.plain("c")], under: key("c"))
    #expect(
      try await database.read { try String.fetchAll($0, sql: "SELECT key FROM idempotency_key ORDER BY id") }
        == ["b", "c"])
  }

  @Test func forgetsAHundredKeysAtOnceAtMost() async throws {
    let now = Mutex<Int64>(0)
    var settings = SQLiteEventStore.Settings()
    settings.now = { Timestamp(milliseconds: now.withLock(\.self)) }
    settings.idempotencyWindow = .seconds(1)
    let store = try SQLiteEventStore(path: folder.path(), settings)
    for number in 0..<150 { _ = try await store.append([.plain("m")], under: key(Text("\(number)"))) }
    now.withLock { $0 = 1000 }
    let database = try DatabaseQueue(path: folder.path())
    for left in [51, 2, 3] {
      _ = try await store.append([.plain("m")], under: key(Text("new \(left)")))
      #expect(
        try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM idempotency_key") } == left)
    }
  }

  @Test func isNotAKeyWithoutTextOrWithTooMuch() {
    #expect(IdempotencyKey("", content: []) == nil)
    #expect(IdempotencyKey(Text(String(repeating: "é", count: 128)), content: []) == nil)
    #expect(IdempotencyKey(Text(String(repeating: "a", count: 255)), content: []) != nil)
  }
}
