import EventLog
import Foundation
import GRDB
import Testing

@testable import EventLogSQLite

/// What holds for SQLite beyond the contract of all stores.
@Suite(.timeLimit(.minutes(2)))
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
    for store in stores { #expect(try await store.lastID() == EventID(400)) }
  }

  @Test func canBeMadeByManyAtOnce() async throws {
    let path = path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { _ = try await SQLiteEventStore(path: path).append(.plain()) }
      }
      try await group.waitForAll()
    }
    #expect(try await SQLiteEventStore(path: path).lastID() == EventID(8))
  }

  @Test func neverGivesAnIDTwice() async throws {
    let store = try SQLiteEventStore(path: path)
    try await store.append([.plain(), .plain()])
    try await store.database.writeWithoutTransaction { try $0.execute(sql: "DELETE FROM event") }
    #expect(try await store.restore(Event.examples) == false)
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
    #expect(try await store.lastID() == nil)
    #expect(try await store.append(.plain("good")).draft.message == "good")
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

  @Test(
    arguments: [Set<EventType>(), [.error], [.error, .info], Set(EventType.allCases)],
    EventQuery.Order.allCases)
  func walksAlongAnIndexFromTheCursor(_ types: Set<EventType>, order: EventQuery.Order) async throws {
    let store = try SQLiteEventStore(path: path)
    let cursor = EventCursor(.next, of: try #require(EventID(5)))
    let query = EventQuery(types: types, order: order, limit: 50, cursor: cursor)
    let plan = try await store.database.writeWithoutTransaction { database in
      let (sql, arguments) = PageStatement.make(query)
      return try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments)
        .map { $0["detail"] as String }
    }
    #expect(!plan.contains { $0.hasPrefix("SCAN event") }, "\(plan)")
    // No arm sorts; only the merged arms, of at most a page each, may be sorted.
    let isMerged = types.count == 2
    #expect(isMerged || !plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
  }

  private func execute(_ sql: String) throws {
    try DatabaseQueue(path: path).writeWithoutTransaction { try $0.execute(sql: sql) }
  }
}
