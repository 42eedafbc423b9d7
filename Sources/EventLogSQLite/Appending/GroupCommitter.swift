import EventLog
import GRDB
import Glibc
import Synchronization

/// Group commit: all waiting appends share the next transaction, and therefore one fsync.
///
/// While a transaction is being committed, further appends gather; the first of them schedules the next transaction,
/// which takes them all. A caller that has just been answered is likely to append again at once, so where an fsync
/// takes long, a transaction waits for such callers for a small part of that time. A single writer waits for nobody.
final class GroupCommitter: Sendable {
  private struct Append {
    let drafts: [EventDraft]
    let continuation: CheckedContinuation<Result<[Event], EventStoreError>, Never>
  }

  /// The longest duration of a commit for which waiting for others gains nothing.
  private static let shortCommit = Duration.microseconds(500)
  /// The divisor of a commit's duration that gives the time to wait for others.
  private static let pausePart = 3
  private static let longestPause = Duration.milliseconds(5)

  /// Measurements of the last transaction.
  private struct Pace {
    /// The duration of its commit.
    var commit = Duration.zero
    var appends = 0
    /// The number of appends that were already waiting when it ended.
    var waiting = 0
    var endedAt = ContinuousClock.now

    /// Returns how many of the answered callers have not appended again, given the current number of appends.
    func missing(_ count: Int) -> Int { appends - max(0, count - waiting) }
  }

  private let database: DatabasePool
  private let now: @Sendable () -> Timestamp
  /// The number of events that gather before they are added to the text index.
  private let indexBatchSize: Int64
  private let waiting = Mutex<[Append]>([])
  private let pace = Mutex(Pace())
  private let committed = Mutex((commits: 0, events: 0))
  private let lastFailure = Mutex<EventStoreError?>(nil)

  init(database: DatabasePool, indexBatchSize: Int64, now: @escaping @Sendable () -> Timestamp) {
    self.database = database
    self.indexBatchSize = indexBatchSize
    self.now = now
  }

  /// The error with which the last transaction failed; nil when it was committed. A transaction that failed only because
  /// others kept it waiting does not count.
  var failure: EventStoreError? { lastFailure.withLock(\.self) }

  private func note(_ failure: EventStoreError?) {
    if failure?.reason != .busy { lastFailure.withLock { $0 = failure } }
  }

  /// Appends drafts, and suspends until the transaction that holds them has been fsynced or has failed.
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

  /// The number of transactions that this committer has committed, and the number of events in them.
  var counts: (commits: Int, events: Int) { committed.withLock(\.self) }

  private func takeWaiting() -> [Append] {
    waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
  }

  private func commitWaiting(_ database: Database) {
    var appends = takeWaiting()
    // The previous transaction may have taken everything.
    if appends.isEmpty { return }
    var events: [[Event]] = []
    do {
      var inserted = ContinuousClock.now
      // Ids are assigned under the write lock, so that other processes see them in commit order too.
      try database.inTransaction(.immediate) {
        var inserter = try EventInserter(database)
        func insertRest() throws {
          let timestamp = now()
          for append in appends[events.count...] {
            events.append(try append.drafts.map { try inserter.insert($0, timestamp: timestamp) })
          }
        }
        try insertRest()
        let pace = pace.withLock(\.self)
        if pace.appends > 1, pace.commit > Self.shortCommit, .now - pace.endedAt < pace.commit {
          let pause = min(pace.commit / Self.pausePart, Self.longestPause)
          wait(until: .now + pause, for: pace.missing(appends.count))
        }
        appends += takeWaiting()
        try insertRest()
        inserted = .now
        return .commit
      }
      let count = events.reduce(0) { $0 + $1.count }
      let rest = waiting.withLock(\.count)
      pace.withLock { $0 = Pace(commit: .now - inserted, appends: appends.count, waiting: rest) }
      committed.withLock { $0 = ($0.commits + 1, $0.events + count) }
      note(nil)
      for (append, events) in zip(appends, events) { append.continuation.resume(returning: .success(events)) }
      TextIndex.fill(by: indexBatchSize, database)
    } catch {
      let error = EventStoreError(error)
      note(error)
      for append in appends { append.continuation.resume(returning: .failure(error)) }
    }
  }

  /// Blocks until `count` appends are waiting or the deadline has passed.
  private func wait(until deadline: ContinuousClock.Instant, for count: Int) {
    while waiting.withLock(\.count) < count, ContinuousClock.now < deadline { usleep(20) }
  }

  /// Makes the changes of an append and rolls them back. A full or read-only device refuses this just as it refuses an
  /// append.
  ///
  /// - Throws: `EventStoreError` when an append would fail.
  func probe() async throws(EventStoreError) {
    do {
      try await database.writeWithoutTransaction { database in
        try database.inTransaction(.immediate) {
          try database.inSavepoint {
            var inserter = try EventInserter(database)
            _ = try inserter.insert(Self.probeDraft, timestamp: now())
            return .rollback
          }
          // Without this change, there would be nothing to commit.
          try database.execute(sql: "UPDATE text_index SET last_id = last_id")
          return .commit
        }
      }
      note(nil)
    } catch {
      throw EventStoreError(error)
    }
  }

  private static let probeDraft = EventDraft(
    storedType: .info, source: "probe", message: "probe", userID: "probe", requestID: "probe",
    tags: ["probe"], data: nil)
}
