import EventLog
import GRDB
import Synchronization
import TestSupport
import Text
import Testing

@testable import EventLogSQLite

/// These tests show that nobody's questions keep others from getting answers.
@Suite(.timeLimit(.minutes(5)))
struct SharedReadsTests {
  private enum QuickQuestions: HoldingTest { static let hold = Hold() }
  private enum OtherClients: HoldingTest { static let hold = Hold() }
  private enum ManyClockSteps: HoldingTest { static let hold = Hold() }

  private let folder: TemporaryFolder
  private let greedy = Client(network: [192, 0, 2, 1])
  private let other = Client(network: [192, 0, 2, 2])
  /// A search that no index answers, since no event is in the text index yet.
  private let number: EventCondition

  init() throws {
    folder = try TemporaryFolder()
    number = .text(SearchTerms(["number"]))
  }

  private func makeStore(now: @escaping @Sendable () -> Timestamp = Timestamp.now) throws -> SQLiteEventStore
  {
    var settings = SQLiteEventStore.Settings()
    settings.queryTimeout = patience * 10
    settings.segmentSize = 1_000_000
    settings.now = now
    return try SQLiteEventStore(path: folder.path(), settings)
  }

  private func query(_ filter: EventCondition, by client: Client, limit: Int?) -> EventQuery {
    var query = EventQuery(limit: limit)
    query.filter = filter
    query.client = client
    return query
  }

  @Test func answersQuickQuestionsWhileSlowOnesRun() async throws {
    let store = try makeStore()
    try await store.append((1...1100).map { .plain("number \($0)") })
    var slow = EventQuery(limit: 10)
    slow.filter = number
    let ended = Mutex(0)
    let search = { @Sendable [slow] in
      defer { ended.withLock { $0 += 1 } }
      return try await store.page(slow, of: HeldEvent<QuickQuestions>.self)
    }
    // There are more searches than connections.
    let searches = (0..<SQLiteEventStore.readerCount * 2).map { _ in Task(operation: search) }
    #expect(try await eventually { QuickQuestions.hold.count == 2 })
    for _ in 0..<20 {
      #expect(try await store.event(#require(EventID(7))) != nil)
      for limit in [50, 101, 1000] {
        #expect(try await store.page(EventQuery(order: .descending, limit: limit)).events.count == limit)
      }
    }
    // The quick questions did not wait for the slow ones, most of which have not even begun.
    #expect(!QuickQuestions.hold.isOver && ended.withLock(\.self) == 0)
    for search in searches { search.cancel() }
    #expect(try await eventually { ended.withLock(\.self) == searches.count - 2 })
    QuickQuestions.hold.end()
    for search in searches {
      let error = await #expect(throws: EventStoreError.self) { try await search.value }
      #expect(error?.reason == .cancelled)
    }
    #expect(QuickQuestions.hold.count == 2)
  }

  @Test func leavesSearchesAndExportsToOtherClients() async throws {
    let store = try makeStore()
    try await store.append((1...10).map { .plain("number \($0)") })
    let slow = [5, nil, 5, nil, 5, nil].map { limit in
      let query = query(number, by: greedy, limit: limit)
      return Task { try await store.page(query, of: HeldEvent<OtherClients>.self) }
    }
    #expect(try await eventually { OtherClients.hold.count == 3 })
    #expect(try await store.page(query(number, by: other, limit: 5)).events.count == 5)
    #expect(try await store.page(query(number, by: other, limit: nil)).events.count == 10)
    var histogram = HistogramQuery()
    histogram.filter = number
    histogram.client = other
    #expect(try await store.histogram(histogram).total == 10)
    // Two searches and one export run; the greedy client's other questions have not even begun.
    #expect(!OtherClients.hold.isOver && OtherClients.hold.count == 3)
    OtherClients.hold.end()
    for task in slow { #expect(try await task.value.events.isEmpty == false) }
  }

  @Test func keepsAPageForEveryClient() async throws {
    let store = try makeStore()
    try await store.append((1...10).map { .plain("number \($0)") })
    let everything = EventCondition.everything
    let page = try await store.page(query(everything, by: greedy, limit: 5), of: EventJSON.self)
    #expect(page.next?.client == nil)
    #expect(try await store.page(query(everything, by: other, limit: 5), of: EventJSON.self) == page)
  }

  /// When the clock was set back a hundred times, time bounds can still be looked up; beyond that, events are scanned.
  /// SQLite forgets an interruption that finds no statement running.
  @Test func endsACancelledReadBetweenTwoStatements() async throws {
    let store = try makeStore()
    let isRunning = Mutex(false)
    let isCancelled = Mutex(false)
    let read = Task {
      try await store.readUntilCancelled { database in
        _ = try database.cachedStatement(sql: "SELECT 3").firstInteger()
        isRunning.withLock { $0 = true }
        while !isCancelled.withLock(\.self) {}
        return try database.cachedStatement(sql: "SELECT 4").firstInteger()
      }
    }
    #expect(try await eventually { isRunning.withLock(\.self) })
    read.cancel()
    isCancelled.withLock { $0 = true }
    await #expect(throws: (any Error).self) { try await read.value }
    #expect(
      try await store.readUntilCancelled { try $0.cachedStatement(sql: "SELECT 5").firstInteger() } == 5)
  }
}
