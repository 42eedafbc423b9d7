import EventLog
import GRDB
import Synchronization

/// Group commit: all appends that wait share the next transaction, and so one fsync.
///
/// While a transaction is being committed, further appends gather; the first of them schedules the next
/// transaction, which takes them all. There is no timer and no delay when there is only one.
final class GroupCommitter: Sendable {
  private struct Append {
    let drafts: [EventDraft]
    let continuation: CheckedContinuation<Result<[Event], EventStoreError>, Never>
  }

  private let database: DatabasePool
  private let now: @Sendable () -> Timestamp
  /// How many events gather before they are put into the text index.
  private let indexBatchSize: Int64
  private let waiting = Mutex<[Append]>([])
  private let committed = Mutex((commits: 0, events: 0))

  init(database: DatabasePool, indexBatchSize: Int64, now: @escaping @Sendable () -> Timestamp) {
    self.database = database
    self.indexBatchSize = indexBatchSize
    self.now = now
  }

  /// Suspends until the transaction that holds the drafts has been fsynced, or has failed.
  func append(_ drafts: [EventDraft]) async throws(EventStoreError) -> [Event] {
    let result = await withCheckedContinuation { continuation in
      let isFirst = waiting.withLock { waiting in
        waiting.append(Append(drafts: drafts, continuation: continuation))
        return waiting.count == 1
      }
      if isFirst { database.asyncWriteWithoutTransaction(commitWaiting) }
    }
    return try result.get()
  }

  /// Transactions of this committer, and the events in them.
  var counts: (commits: Int, events: Int) { committed.withLock(\.self) }

  private func commitWaiting(_ database: Database) {
    let appends = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    do {
      var events: [[Event]] = []
      // Ids are given under the write lock, so that other processes see them in commit order too.
      try database.inTransaction(.immediate) {
        let timestamp = now()
        var inserter = try EventInserter(database)
        events = try appends.map { append in
          try append.drafts.map { try inserter.insert($0, timestamp: timestamp) }
        }
        return .commit
      }
      let count = events.reduce(0) { $0 + $1.count }
      committed.withLock { $0 = ($0.commits + 1, $0.events + count) }
      for (append, events) in zip(appends, events) { append.continuation.resume(returning: .success(events)) }
      indexText(database)
    } catch {
      let error = EventStoreError(error)
      for append in appends { append.continuation.resume(returning: .failure(error)) }
    }
  }

  /// Puts the events that have gathered into the text index. Who appends meanwhile waits for it, so that the index
  /// cannot fall behind; a failure costs searches their speed and nothing else.
  ///
  /// - Parameter database: outside of a transaction.
  func indexText(_ database: Database) {
    while (try? TextIndex.extend(by: indexBatchSize, database)) == true {}
  }
}
