import EventLog
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import EventLogSQLite
import Text

/// These tests check what SQLite promises beyond the contract of all stores.
@Suite(.timeLimit(.minutes(5)))
struct SQLiteEventStoreTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path()
  }

  @Test func keepsEventsWhenItIsClosed() async throws {
    let event = try await SQLiteEventStore(path: path).append(.plain("kept"))
    #expect(try await SQLiteEventStore(path: path).event(event.id) == event)
  }

  @Test func syncsEveryCommit() async throws {
    let store = try SQLiteEventStore(path: path)
    let (synchronous, journalMode) = try await store.database.writeWithoutTransaction { database in
      (
        try Int.fetchOne(database, sql: "PRAGMA synchronous"),
        try String.fetchOne(database, sql: "PRAGMA journal_mode")
      )
    }
    #expect(synchronous == 2)
    #expect(journalMode == "wal")
  }

  @Test func sharesAFileWithAnotherStore() async throws {
    let stores = try [SQLiteEventStore(path: path), SQLiteEventStore(path: path)]
    let numbers = try await withThrowingTaskGroup(of: [Int64].self) { group in
      for store in stores {
        for _ in 0..<4 {
          group.addTask {
            var numbers: [Int64] = []
            for _ in 0..<50 { numbers.append(try await store.append(.plain()).id.number) }
            return numbers
          }
        }
      }
      return try await group.reduce(into: [[Int64]]()) { $0.append($1) }
    }
    #expect(numbers.allSatisfy { $0 == $0.sorted() })
    #expect(numbers.flatMap(\.self).sorted() == Array(1...400))
    for store in stores { #expect(try await store.state().lastID == EventID(400)) }
  }

  @Test func canBeMadeByManyAtOnce() async throws {
    let path = path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { _ = try await SQLiteEventStore(path: path).append(.plain()) }
      }
      try await group.waitForAll()
    }
    #expect(try await SQLiteEventStore(path: path).state().lastID == EventID(8))
  }

  @Test func neverGivesAnIDTwice() async throws {
    let store = try SQLiteEventStore(path: path)
    try await store.append([.plain(), .plain()])
    try await store.database.writeWithoutTransaction { try $0.execute(sql: "DELETE FROM event") }
    #expect(try await store.restore(Event.examples, after: nil) == false)
    #expect(try await store.append(.plain()).id == EventID(3))
  }

  @Test func recordsAllOrNone() async throws {
    let store = try SQLiteEventStore(path: path)
    try await store.database.writeWithoutTransaction {
      try $0.execute(
        sql: """
          CREATE TRIGGER refuse BEFORE INSERT ON event WHEN NEW.message = 'bad'
          BEGIN SELECT RAISE(ABORT, 'refused'); END
          """)
    }
    await #expect(throws: EventStoreError.self) { try await store.append([.plain("good"), .plain("bad")]) }
    #expect(try await store.state().lastID == nil)
    #expect(try await store.append(.plain("good")).draft.message == "good")
  }

  @Test func tellsThatItIsFull() async throws {
    let store = try SQLiteEventStore(path: path)
    let count = try await store.database.writeWithoutTransaction { database in
      let count = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      try database.execute(sql: "PRAGMA max_page_count = \(count)")
      return count
    }
    let error = await #expect(throws: EventStoreError.self) {
      try await store.append(.plain(String(repeating: "x", count: 4096 * count)))
    }
    #expect(error?.reason == .full)
    #expect(try await store.state().lastID == nil)
  }

  @Test func isFullWhenNoIDIsLeftAndTheCheckSaysSo() async throws {
    let store = try SQLiteEventStore(path: path)
    try await store.append(.plain())
    #expect(try IntegrityCheck(path: path).problems.isEmpty)
    try execute(
      "UPDATE event SET id = 999999999999999999; UPDATE sqlite_sequence SET seq = 999999999999999999")
    let error = await #expect(throws: EventStoreError.self) { try await store.append(.plain()) }
    #expect(error?.reason == .full && error?.cause.contains("highest possible id") == true)
    let failure = await #expect(throws: EventStoreError.self) { try await store.checkAvailability() }
    #expect(failure?.reason == .full)
    #expect(try await store.page(EventQuery()).events.map(\.id.number) == [999_999_999_999_999_999])
    #expect(try IntegrityCheck(path: path).problems.contains { $0.contains("highest possible id") })
  }

  @Test func isNotAvailableFromAFailedAppendOnUntilItRecordsAgain() async throws {
    let store = try SQLiteEventStore(path: path)
    try await store.append(.plain())
    try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 1") }
    // No append has failed so far.
    try await store.checkAvailability()
    await #expect(throws: EventStoreError.self) { try await store.append(.plain()) }
    await #expect(throws: EventStoreError.self) { try await store.checkAvailability() }
    try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 0") }
    try await store.checkAvailability()
    #expect(try await store.append(.plain()).id == EventID(2))
  }

  @Test(arguments: EventQuery.Sort.allCases, [nil, 100])
  func endsAPageBySize(_ sort: EventQuery.Sort, limit: Int?) async throws {
    let store = try SQLiteEventStore(path: path)
    var query = EventQuery()
    query.sort = sort
    query.limit = limit
    let message = String(repeating: "x", count: query.pageBytes / 80)
    try await store.append((1...200).map { _ in .plain(message) })
    var pages: [EventPage<Event>] = []
    var next: EventQuery? = query
    while let query = next {
      pages.append(try await store.page(query))
      next = pages.last?.next
    }
    #expect(pages.map(\.events.count) == [80, 80, 40])
    #expect(pages.flatMap(\.events).map(\.id.number) == Array(1...200))
    let previous = try await store.page(try #require(pages[2].previous))
    #expect(previous.events == pages[1].events)
    let first = try await store.page(try #require(previous.previous))
    #expect(first.events == pages[0].events)
    #expect(first.previous == nil)
  }

  /// The store knows whether more events follow, even when the last event fills the page exactly.
  @Test(arguments: [nil, 64, 100])
  func endsWithAPageThatIsExactlyFull(_ limit: Int?) async throws {
    let store = try SQLiteEventStore(path: path)
    var query = EventQuery()
    query.limit = limit
    let message = String(repeating: "x", count: query.pageBytes / 64)
    try await store.append((1...64).map { _ in .plain(message) })
    let page = try await store.page(query)
    #expect(page.events.count == 64)
    #expect(page.next == nil)
    try await store.append(.plain())
    let next = try #require(try await store.page(query).next)
    #expect(try await store.page(next).events.count == 1)
  }

  @Test func refusesANewerSchema() throws {
    _ = try SQLiteEventStore(path: path)
    try execute("PRAGMA user_version = 99")
    let error = #expect(throws: EventStoreError.self) { try SQLiteEventStore(path: path) }
    #expect(error?.cause.contains("newer version") == true)
  }

  @Test func refusesAnotherProgramsFileAndLeavesItAsItIs() throws {
    try execute("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)")
    let before = try Data(contentsOf: URL(filePath: path))
    let error = #expect(throws: EventStoreError.self) { try SQLiteEventStore(path: path) }
    #expect(error?.cause.contains("not an event log") == true)
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }

  @Test func refusesAFileThatIsNoDatabase() throws {
    try Data("just some text, and more of it".utf8).write(to: URL(filePath: path))
    let error = #expect(throws: EventStoreError.self) { try SQLiteEventStore(path: path) }
    #expect(error?.cause.contains(path) == true)
  }

  @Test func refusesAFolderThatIsNotThere() {
    #expect(throws: EventStoreError.self) { try SQLiteEventStore(path: folder.path("nowhere/events.sqlite")) }
  }

  @Test func remembersNoPageLongerThanItIsTrue() async throws {
    let store = try SQLiteEventStore(path: path)
    let other = try SQLiteEventStore(path: path)
    let query = EventQuery(order: .descending, limit: 2)
    func ids() async throws -> [Int64] {
      try await store.page(query, of: EventJSON.self).events.map(\.position.id.number)
    }
    #expect(try await ids() == [])
    try await store.append(.plain("a"))
    #expect(try await ids() == [1])
    #expect(try await ids() == [1])
    try await other.append([.plain("b"), .plain("c")])
    #expect(try await ids() == [3, 2])
    // Anyone with access to the file can do this.
    try execute("DELETE FROM event WHERE id = 3")
    #expect(try await ids() == [2, 1])
    #expect(try await store.page(query, of: EventJSON.self).state.lastID?.number == 2)
  }

  @Test func tellsTextsApartThatLookTheSame() async throws {
    let store = try SQLiteEventStore(path: path)
    let sources: [Text] = ["caf\u{E9}", "cafe\u{301}"]
    for source in sources { try await store.append(.plain(source: source.string)) }
    for (id, source) in zip(Int64(1)..., sources) {
      var query = EventQuery(limit: 10)
      query.filter = .source(source)
      #expect(try await store.page(query, of: EventJSON.self).events.map(\.position.id.number) == [id])
    }
  }

  @Test(arguments: [
    "type = 'other'", "source = CAST(x'7aff' AS TEXT)", "message = CAST(x'e282' AS TEXT)",
    "user_id = CAST(x'c0af' AS TEXT)", "request_id = CAST(x'ff' AS TEXT)", "tags = 'a, b'",
    "tags = CAST(x'5b22ff225d' AS TEXT)", "data = '1'", "data = CAST(x'7b22ff223a317d' AS TEXT)",
  ])
  func refusesADamagedEventInEveryForm(_ change: String) async throws {
    let store = try SQLiteEventStore(path: path)
    try await store.append((1...4).map { _ in .plain() })
    try execute("UPDATE event SET \(change) WHERE id = 3")
    for sort in EventQuery.Sort.allCases {
      // The other orders walk along the known types and therefore never reach the damaged event.
      if sort != .timestamp, change.hasPrefix("type") { continue }
      var query = EventQuery()
      query.sort = sort
      let error = await #expect(throws: EventStoreError.self) { try await store.page(query) }
      let sameError = await #expect(throws: EventStoreError.self) {
        try await store.page(query, of: EventJSON.self)
      }
      #expect(error?.reason == .damaged && sameError?.reason == .damaged)
    }
    #expect(try await store.page(EventQuery(limit: 1)).events.count == 1)
    #expect(try await store.page(EventQuery(limit: 1), of: EventJSON.self).events.count == 1)
    await #expect(throws: EventStoreError.self) { try await store.event(#require(EventID(3))) }
    #expect(try IntegrityCheck(path: path).problems.map { $0.hasSuffix("starting with id 3") } == [true])
  }

  @Test(arguments: [
    "UPDATE event SET timestamp = 9223372036854775807 WHERE id = 4",
    "UPDATE event SET timestamp = -9223372036854775808 WHERE id = 1",
  ])
  func refusesAHistogramOfDamagedTimestamps(_ change: String) async throws {
    let clock = Mutex<Int64>(0)
    var settings = SQLiteEventStore.Settings()
    settings.now = { Timestamp(milliseconds: clock.withLock(\.self)) }
    let store = try SQLiteEventStore(path: path, settings)
    for milliseconds: Int64 in [2000, 3000, 4000, 1000] {
      clock.withLock { $0 = milliseconds }
      try await store.append(.plain())
    }
    var query = HistogramQuery()
    #expect(try await store.histogram(query).total == 4)
    try execute(change)
    await Self.expectDamage { _ = try await store.histogram(query) }
    query.filter = .source("test")
    await Self.expectDamage { _ = try await store.histogram(query) }
  }

  private static func expectDamage(_ body: () async throws -> Void) async {
    let error = await #expect(throws: HistogramError.self) { try await body() }
    guard case .store(let error)? = error else {
      Issue.record("the store has not failed")
      return
    }
    #expect(error.reason == .damaged)
  }

  @Test func bringsAnOlderSchemaUpToDate() async throws {
    try execute(
      """
      CREATE TABLE event (
        id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER NOT NULL, type TEXT NOT NULL,
        source TEXT NOT NULL, message TEXT NOT NULL, user_id TEXT, request_id TEXT, tags TEXT, data TEXT
      ) STRICT;
      CREATE INDEX event_by_type ON event (type);
      INSERT INTO event (id, timestamp, type, source, message, user_id, tags) VALUES
        (1, 1000, 'error', 'a', 'one', 'u', '["x","y"]'), (3, 3000, 'info', 'b', 'two', NULL, NULL),
        (4, 2000, 'error', 'a', 'three', NULL, '["x"]'), (5, 4000, 'error', 'b', 'four', NULL, NULL);
      PRAGMA application_id = 0x65766C67;
      PRAGMA user_version = 1;
      """)
    let store = try SQLiteEventStore(path: path)
    try await store.append(.plain("five", type: .error))
    func found(_ parameters: (name: Text, value: Text)...) async throws -> [Int64] {
      try await store.page(EventQuery(parameters: parameters)).events.map(\.id.number)
    }
    #expect(try await found(("tag", "x")) == [1, 4])
    #expect(try await found(("user_id", "u")) == [1])
    #expect(try await found(("source", "b")) == [3, 5])
    #expect(try await found(("q", "THREE")) == [4])
    #expect(try await found(("since", "1970-01-01T00:00:02Z"), ("until", "1970-01-01T00:00:03Z")) == [4])
    var query = HistogramQuery()
    query.filter = .type(.error)
    #expect(try await store.histogram(query).total == 4)
  }

  @Test func givesUpAQuestionThatTakesTooLong() async throws {
    var settings = SQLiteEventStore.Settings()
    settings.queryTimeout = .milliseconds(20)
    let store = try SQLiteEventStore(path: path, settings)
    // The case of a text that is not all ASCII takes longer to fold. It has all three trigrams of the term, but not the term.
    let message = String(repeating: "lorem xabc abcy é ", count: 200)
    for _ in 0..<10 { try await store.append((0..<500).map { _ in .plain(message) }) }
    var query = EventQuery(limit: 10)
    query.filter = .text(SearchTerms(["xabcy"]))
    let error = await #expect(throws: EventStoreError.self) { try await store.page(query) }
    #expect(error?.reason == .timedOut)
    // All resources that were held have been released.
    for _ in 0..<5 {
      let error = await #expect(throws: EventStoreError.self) { try await store.page(query) }
      #expect(error?.reason == .timedOut)
    }
    query.filter = .everything
    #expect(try await store.page(query).events.count == 10)
    // An export may take as long as it needs.
    query.limit = nil
    query.filter = .text(SearchTerms(["xabcy"]))
    #expect(try await store.page(query).events.isEmpty)
  }

  /// Runs statements on the file. It waits for a lock, because a store that was released may still be closing its
  /// connections.
  private func execute(_ sql: String) throws {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    try DatabaseQueue(path: path, configuration: configuration).writeWithoutTransaction {
      try $0.execute(sql: sql)
    }
  }
}
