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
  private let waiting = Mutex<[Append]>([])
  /// From which id on it is worth a look whether there are events to be indexed.
  private let nextIndexing = Mutex<Int64>(0)

  init(database: DatabasePool, now: @escaping @Sendable () -> Timestamp) {
    self.database = database
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
      for (append, events) in zip(appends, events) { append.continuation.resume(returning: .success(events)) }
      if let newest = events.last?.last?.id { indexText(upTo: newest) }
    } catch {
      let error = EventStoreError(error)
      for append in appends { append.continuation.resume(returning: .failure(error)) }
    }
  }

  /// Indexes what has gathered, behind everybody who waits to append now.
  ///
  /// - Parameter newest: an event that was recorded just now.
  func indexText(upTo newest: EventID) {
    let isDue = nextIndexing.withLock { next in
      guard newest.number >= next else { return false }
      // Whatever comes of it: it is tried again when as much has gathered again.
      next = newest.number + TextIndex.batchSize
      return true
    }
    if isDue { database.asyncWriteWithoutTransaction(extendTextIndex) }
  }

  /// A failure costs speed and nothing else: searches read what is not indexed.
  private func extendTextIndex(_ database: Database) {
    if (try? TextIndex.extend(database)) == true {
      self.database.asyncWriteWithoutTransaction(extendTextIndex)
    }
  }
}
