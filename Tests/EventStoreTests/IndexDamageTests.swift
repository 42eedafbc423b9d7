import EventIndex
import EventLog
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing
import Text

@testable import EventLogSQLite

/// The index is derived from the events: whatever becomes of it, every answer is that of a plain filter.
@Suite(.timeLimit(.minutes(5)))
struct IndexDamageTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func makeStore(log: RecordedLog? = nil) throws -> SQLiteEventStore {
    var settings = SQLiteEventStore.Settings()
    settings.queryTimeout = patience * 10
    settings.segmentSize = 7
    settings.memorySegmentSize = 3
    return try SQLiteEventStore(path: folder.path(), settings, logger: log?.logger ?? .silent)
  }

  private func fill(_ store: SQLiteEventStore, _ generator: inout SeededGenerator) async throws -> [Event] {
    var events: [Event] = []
    for _ in 0..<40 {
      let drafts = (0..<Int.random(in: 1...6, using: &generator)).map { _ in generator.draft() }
      events += try await store.append(drafts)
    }
    await store.sealer.catchUp()
    return events
  }

  private func expectEveryAnswer(
    of store: SQLiteEventStore, _ events: [Event], _ generator: inout SeededGenerator, questions: Int = 20
  ) async throws {
    for _ in 0..<questions {
      let query = generator.query(events)
      let found = try await store.pages(from: query).flatMap(\.self).map(\.id)
      #expect(found == PlainLog(events).answer(query).map(\.id), "\(query)")
      var histogram = HistogramQuery()
      histogram.filter = query.filter
      let count = events.count { PlainLog.matches($0, query.filter) }
      #expect(try await store.histogram(histogram).total == count, "\(query)")
    }
  }

  private func change(_ body: (Database) throws -> Void) throws {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    try DatabaseQueue(path: folder.path(), configuration: configuration).write { database in
      try body(database)
      try database.execute(sql: "UPDATE index_state SET generation = generation + 1")
    }
  }

  /// Changes one byte of a part.
  private static func flip(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    bytes[Int.random(in: bytes.indices, using: &generator)] ^= UInt8.random(in: 1...255, using: &generator)
    return bytes
  }

  @Test(arguments: [UInt64](1...12))
  func answersExactlyWhateverIsDamaged(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let log = RecordedLog()
    var events: [Event] = []
    do {
      let store = try makeStore()
      events = try await fill(store, &generator)
      store.close()
    }
    var damaged = 0
    try change { database in
      for segment in try database.segments() {
        let kind = Int.random(in: 0..<8, using: &generator)
        if (1...5).contains(kind) { damaged += 1 }
        switch kind {
        case 0: try database.execute(sql: "DELETE FROM segment WHERE id = ?", arguments: [segment.id])
        case 1:
          try database.execute(
            sql: "DELETE FROM segment_block WHERE id = ?",
            arguments: [StoredSegment.blockID(0, of: segment.id)])
        case 2:
          let column = Bool.random(using: &generator) ? "directory" : "columns"
          let bytes = try Data.fetchOne(
            database, sql: "SELECT \(column) FROM segment WHERE id = ?", arguments: [segment.id])
          let damaged = Self.flip(Array(try #require(bytes)), &generator)
          try database.execute(
            sql: "UPDATE segment SET \(column) = ? WHERE id = ?", arguments: [Data(damaged), segment.id])
        case 3:
          let id = StoredSegment.blockID(0, of: segment.id)
          let bytes = try Data.fetchOne(
            database, sql: "SELECT block FROM segment_block WHERE id = ?", arguments: [id])
          let damaged = Self.flip(Array(try #require(bytes)), &generator)
          try database.execute(
            sql: "UPDATE segment_block SET block = ? WHERE id = ?", arguments: [Data(damaged), id])
        case 4:
          try database.execute(
            sql: "UPDATE segment SET count = count + 1, last_id = last_id + 1 WHERE id = ?",
            arguments: [segment.id])
        case 5:
          try database.execute(
            sql: "UPDATE segment SET latest = earliest WHERE id = ?", arguments: [segment.id])
        default: break
        }
      }
    }
    let store = try makeStore(log: log)
    try await expectEveryAnswer(of: store, events, &generator)
    // What was damaged is built anew, and then nothing is wrong.
    events += try await store.append([generator.draft()])
    try await store.reindex { _, _ in }
    try await expectEveryAnswer(of: store, events, &generator, questions: 5)
    store.close()
    #expect(try IntegrityCheck(path: folder.path()).problems == [])
    #expect(log.levels.count <= damaged, "each damage is reported once")
  }

  /// Who asks for an event on a damaged page gets an error. The index leaves such events out, and goes on behind them.
  @Test(arguments: [UInt64](1...6), [true, false])
  func goesOnBehindAPageThatIsDamaged(seed: UInt64, isSealed: Bool) async throws {
    var generator = SeededGenerator(seed: seed)
    let mark = String(repeating: "mark", count: 50)
    let count = 400
    do {
      var settings = SQLiteEventStore.Settings()
      settings.segmentSize = isSealed ? 7 : 1000
      let store = try SQLiteEventStore(path: folder.path(), settings)
      for number in 1...count { try await store.append(.plain("\(number) \(mark)")) }
      await store.sealer.catchUp()
      store.close()
    }
    var file = try Data(contentsOf: URL(filePath: folder.path()))
    let leaves = stride(from: 4096, to: file.count, by: 4096).filter { start in
      file[start] == 13 && file[start..<(start + 4096)].range(of: Data(mark.utf8)) != nil
    }
    // The first leaf has the oldest events, and the last one the newest.
    for start in leaves.dropFirst().dropLast().shuffled(using: &generator).prefix(Int(seed % 3) + 1) {
      let bytes = (0..<4096).map { _ in UInt8.random(in: 0...255, using: &generator) }
      file.replaceSubrange(start..<(start + 4096), with: bytes)
    }
    try file.write(to: URL(filePath: folder.path()))

    let store = try makeStore()
    try await store.append((0..<50).map { .plain("later \($0)") })
    await store.sealer.catchUp()
    var lost = 0
    for number in 1...(count + 50) {
      do {
        let id = try #require(EventID(Int64(number)))
        let event = try #require(try await store.event(id))
        #expect(event.draft.message.hasPrefix(number > count ? "later" : "\(number) "))
      } catch let error as EventStoreError {
        #expect(error.reason == .damaged)
        lost += 1
      }
    }
    #expect(lost > 0 && lost < count / 2)
    for order in EventQuery.Order.allCases {
      var query = EventQuery(limit: 5)
      query.order = order
      #expect(try await store.page(query).events.count == 5)
    }
    var query = EventQuery(limit: 1)
    query.order = .descending
    query.filter = .text(SearchTerms(["later", "4"]))
    #expect(try await store.page(query).events.map(\.id.number) == [Int64(count) + 50])
    let indexed = try await store.statistics().indexedEvents ?? 0
    #expect(indexed > count + 50 - lost - 7 || isSealed)
    store.close()
  }

  @Test(arguments: [UInt64](1...4))
  func answersExactlyWhileTheIndexIsBuiltAnewAndOthersAppend(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let (store, other) = (try makeStore(), try makeStore())
    let events = try await fill(store, &generator)
    let isOver = Mutex(false)
    let builder = Task { @Sendable in while !isOver.withLock(\.self) { try await store.reindex { _, _ in } } }
    let writer = Task { @Sendable in
      while !isOver.withLock(\.self) { try await other.append([.plain("later"), .plain("and later")]) }
    }
    for _ in 0..<40 {
      var query = generator.query(events)
      query.lastID = events.last?.id
      let found = try await store.pages(from: query).flatMap(\.self).map(\.id)
      #expect(found == PlainLog(events).answer(query).map(\.id), "\(query)")
    }
    isOver.withLock { $0 = true }
    try await builder.value
    try await writer.value
    store.close()
    other.close()
    #expect(try IntegrityCheck(path: folder.path()).problems == [])
  }
}
