import EventLog
import Foundation
import GRDB
import TestSupport
import Text
import Testing

@testable import EventLogSQLite

/// Tests that a clean end leaves the log as one file.
@Suite(.timeLimit(.minutes(5)))
struct ClosingTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func leavesOneFileWithEverything() async throws {
    let store = try SQLiteEventStore(path: folder.path())
    try await store.append((1...100).map { .plain("number \($0)") })
    // Every kind of connection has been open.
    _ = try await store.page(EventQuery(limit: 10))
    _ = try await store.page(EventQuery(limit: 1000))
    _ = try await store.histogram(HistogramQuery())
    store.close()
    #expect(try folder.names == ["events.sqlite"])
    try FileManager.default.copyItem(atPath: folder.path(), toPath: folder.path("copy.sqlite"))
    #expect(
      try await SQLiteEventStore(path: folder.path("copy.sqlite")).page(EventQuery()).events.count == 100)
  }

  @Test func endsTheReadsThatAreUnderWay() async throws {
    var settings = SQLiteEventStore.Settings()
    settings.segmentSize = 1_000_000
    let store = try SQLiteEventStore(path: folder.path(), settings)
    let message = String(repeating: "lorem ipsum ", count: 200)
    for _ in 0..<10 { try await store.append((0..<500).map { _ in .plain(message) }) }
    var query = EventQuery()
    query.filter = .text(SearchTerms(["zz"]))
    let searches = (0..<4).map { _ in
      Task { [query] in while true { _ = try await store.page(query) } }
    }
    try await Task.sleep(for: .milliseconds(50))
    store.close()
    // The connections of the reads that were ended are closed, too.
    #expect(try folder.names == ["events.sqlite"])
    for search in searches { await #expect(throws: EventStoreError.self) { try await search.value } }
    await #expect(throws: EventStoreError.self) { try await store.append(.plain()) }
    store.close()
  }

  @Test func leavesTheFilesToTheOthersWhoUseThem() async throws {
    let (store, other) = (
      try SQLiteEventStore(path: folder.path()), try SQLiteEventStore(path: folder.path())
    )
    try await store.append(.plain())
    store.close()
    #expect(try await other.append(.plain()).id.number == 2)
    other.close()
    #expect(try folder.names == ["events.sqlite"])
  }

  @Test func keepsTheWriteAheadLogSmallWhileReadsOverlap() async throws {
    var settings = SQLiteEventStore.Settings()
    settings.writeAheadLogLimit = 1 << 20
    let store = try SQLiteEventStore(path: folder.path(), settings)
    // A read that began before keeps SQLite from starting the write-ahead log over.
    var configuration = Configuration()
    configuration.readonly = true
    configuration.allowsUnsafeTransactions = true
    let reader = try DatabaseQueue(path: folder.path(), configuration: configuration)
    let message = String(repeating: "x", count: 60_000)
    try await reader.unsafeRead { database in
      try database.execute(sql: "BEGIN")
      _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM event")
    }
    let log = store.writer.writeAheadLog
    for _ in 0..<10 {
      try await store.append((0..<5).map { _ in .plain(message) })
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(log.size > 2 << 20)
    try await reader.unsafeRead { try $0.execute(sql: "COMMIT") }
    // Nobody appends any longer.
    #expect(try await eventually { log.size <= settings.writeAheadLogLimit })
    #expect(try await store.page(EventQuery(limit: 100)).events.count > 10)
  }
}
