import EventLog
import Foundation
import GRDB
import TestSupport
import Testing

@testable import EventLogSQLite

/// Tests that nobody decides how long others have to wait for the connection that writes.
@Suite(.timeLimit(.minutes(5)))
struct AppendQueueTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  typealias Appends = [(drafts: Int, size: Int)]

  /// The number of drafts and the size of each message for every append, and how many appends each transaction takes. Small
  /// ones come first, and at least one large one with them.
  private static let cases: [(Appends, [Int])] = [
    ([(1, 10), (1, 10), (1, 10)], [3]),
    ([(7000, 10), (2000, 10), (1, 10), (8000, 10)], [3, 1]),
    ([(1, 10), (20_000, 10)], [2]),
    ([(30_000, 10), (9000, 10), (1, 10)], [2, 1]),
    ([(100, 60_000), (20, 60_000), (1, 10)], [3]),
    ([(100, 60_000), (80, 60_000), (1, 10)], [2, 1]),
  ]

  @Test(arguments: cases)
  func givesEachTransactionAShare(_ appends: Appends, _ shares: [Int]) async throws {
    let queue = AppendQueue()
    await withTaskGroup { group in
      for (index, append) in appends.enumerated() {
        let drafts = [EventDraft](
          repeating: .plain(String(repeating: "x", count: append.size)), count: append.drafts)
        group.addTask {
          _ = await withCheckedContinuation { continuation in
            #expect(queue.add(AppendQueue.Append(drafts, under: nil, continuation)) == (index == 0))
          }
        }
        while queue.count <= index { await Task.yield() }
      }
      for (index, count) in shares.enumerated() {
        var share = AppendQueue.Share()
        let taken = queue.take(&share)
        #expect(taken.count == count)
        #expect(queue.longestWait != nil)
        #expect(queue.finish() == (index < shares.count - 1))
        for append in taken { append.continuation.resume(returning: .success(.recorded([]))) }
      }
    }
    #expect(queue.longestWait == nil)
  }

  @Test func leavesRoomForALargeOneAmongManySmallOnes() async {
    let queue = AppendQueue()
    let sizes = [6000] + [Int](repeating: 100, count: 60)
    await withTaskGroup { group in
      for size in sizes {
        let drafts = [EventDraft](repeating: .plain(), count: size)
        group.addTask {
          _ = await withCheckedContinuation { _ = queue.add(AppendQueue.Append(drafts, under: nil, $0)) }
        }
      }
      while queue.count < sizes.count { await Task.yield() }
      for expected in [[100: 50, 6000: 1], [100: 10]] {
        var share = AppendQueue.Share()
        let taken = queue.take(&share)
        #expect(Dictionary(taken.map { ($0.drafts.count, 1) }, uniquingKeysWith: +) == expected)
        for append in taken { append.continuation.resume(returning: .success(.recorded([]))) }
      }
    }
  }

  /// Nothing can be indexed while every connection that reads is taken.
  @Test func letsAppendsInWhileALotIsIndexed() async throws {
    var settings = SQLiteEventStore.Settings()
    settings.segmentSize = 2
    let store = try SQLiteEventStore(path: folder.path(), settings)
    let isFree = DispatchSemaphore(value: 0)
    let readers = store.database.configuration.maximumReaderCount
    let taken = AsyncStream<Void>.makeStream()
    for _ in 0..<readers {
      store.database.asyncRead { [yield = taken.continuation] _ in
        yield.yield()
        isFree.wait()
      }
    }
    var waits = taken.stream.makeAsyncIterator()
    for _ in 0..<readers { await waits.next() }

    let bulk = Task { try await store.append((0..<100).map { .plain("number \($0)") }) }
    while try lastID() < 100 { await Task.yield() }
    try await store.append(.plain("small"))
    #expect(try lastID() == 101 && indexedCount() == 0)

    // Who records a lot waits until it is indexed.
    for _ in 0..<readers { isFree.signal() }
    #expect(try await bulk.value.count == 100)
    #expect(try indexedCount() >= 100)
  }

  private func indexedCount() throws -> Int64 {
    try read { try $0.segments().last?.ids.upper ?? 0 }
  }

  private func lastID() throws -> Int64 {
    try read { try Int64.fetchOne($0, sql: "SELECT max(id) FROM event") ?? 0 }
  }

  private func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    var configuration = Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: folder.path(), configuration: configuration).read(body)
  }

  @Test func isNotAvailableWhileAnAppendWaitsOrAfterItWaitedInVain() async throws {
    var settings = SQLiteEventStore.Settings()
    settings.patience = .milliseconds(300)
    let store = try SQLiteEventStore(path: folder.path(), settings)
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: folder.path(), configuration: configuration)
    try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    // Nobody wants to record anything.
    try await store.checkAvailability()
    let append = Task { try await store.append(.plain()) }
    let isWaiting = try await eventually {
      store.committer.longestWait.map { $0 > settings.patience } ?? false
    }
    #expect(isWaiting)
    let error = await #expect(throws: EventStoreError.self) { try await store.checkAvailability() }
    #expect(error?.reason == .busy)
    await #expect(throws: EventStoreError.self) { try await append.value }
    // The lock is still held, although no append waits any longer.
    let sameError = await #expect(throws: EventStoreError.self) { try await store.checkAvailability() }
    #expect(sameError?.reason == .busy)
    try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    try await store.checkAvailability()
    #expect(try await store.append(.plain()).id.number == 1)
  }
}
