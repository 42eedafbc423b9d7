import EventLog
import GRDB
import TestSupport
import Testing

@testable import EventLogSQLite

/// Tests of a log that an older version of the program wrote, until it is up to date.
@Suite(.timeLimit(.minutes(5)))
struct MigrationTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try DatabaseQueue(path: folder.path()).writeWithoutTransaction { database in
      try database.execute(
        sql: """
          CREATE TABLE event (
            id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER NOT NULL, type TEXT NOT NULL,
            source TEXT NOT NULL, message TEXT NOT NULL, user_id TEXT, request_id TEXT, tags TEXT, data TEXT
          ) STRICT;
          CREATE INDEX event_by_type ON event (type);
          INSERT INTO event (id, timestamp, type, source, message) VALUES (1, 1000, 'error', 'a', 'one');
          PRAGMA application_id = 0x65766C67;
          PRAGMA user_version = 1;
          """)
    }
  }

  @Test func refusesEverythingWithTheReasonUntilItIsUpToDate() async throws {
    let store = try SQLiteEventStore(
      opening: folder.path(), SQLiteEventStore.Settings(), logger: .silent)
    #expect(store.isMigrating)
    func expect(_ body: () async throws -> Void) async {
      let error = await #expect(throws: EventStoreError.self) { try await body() }
      #expect(error?.reason == .migrating)
    }
    await expect { try await store.append(.plain()) }
    await expect { _ = try await store.page(EventQuery(limit: 10)) }
    await expect { _ = try await store.restore(Event.examples, after: nil) }
    await expect { try await store.checkAvailability() }
    try store.migrate { _ in }
    #expect(!store.isMigrating)
    try await store.checkAvailability()
    #expect(try await store.append(.plain()).id.number == 2)
  }

  @Test func waitsForAnotherProcessThatBringsItUpToDate() async throws {
    let stores = try (0..<3).map { _ in
      try SQLiteEventStore(opening: folder.path(), SQLiteEventStore.Settings(), logger: .silent)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for store in stores { group.addTask { try store.migrate { _ in } } }
      try await group.waitForAll()
    }
    for store in stores { try await store.append(.plain()) }
    #expect(try await stores[0].state().lastID?.number == 4)
  }

  @Test func needsNothingWhenItIsUpToDate() throws {
    _ = try SQLiteEventStore(path: folder.path())
    let settings = SQLiteEventStore.Settings()
    #expect(try !SQLiteEventStore(opening: folder.path(), settings, logger: .silent).isMigrating)
    #expect(try !SQLiteEventStore(opening: folder.path("new.sqlite"), settings, logger: .silent).isMigrating)
  }

  @Test func reportsProgressOfALongStatement() throws {
    let database = try DatabaseQueue()
    var reports = 0
    try database.writeWithoutTransaction { database in
      try database.reportingProgress({
        reports += 1
        return true
      }) {
        let deadline = ContinuousClock.now + patience
        while reports == 0, .now < deadline {
          _ = try Int.fetchOne(
            database,
            sql: """
              WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1000000)
              SELECT sum(n) FROM number
              """)
        }
      }
      let before = reports
      _ = try Int.fetchOne(database, sql: "SELECT 1")
      #expect(before > 0 && reports == before)
    }
  }
}
