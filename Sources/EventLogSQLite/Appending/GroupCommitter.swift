import EventLog
import GRDB
import Glibc
import Synchronization

/// Group commit: all appends that wait share the next transaction, and so one fsync.
///
/// While a transaction is being committed, further appends gather; the first of them schedules the next
/// transaction, which takes them all. Who has just been answered is likely to append again at once: where an fsync takes
/// long, a transaction waits for them for a small part of that time. A single writer waits for nobody.
final class GroupCommitter: Sendable {
  private struct Append {
    let drafts: [EventDraft]
    let continuation: CheckedContinuation<Result<[Event], EventStoreError>, Never>
  }

  /// Where a commit takes no longer, waiting for others gains nothing.
  private static let shortCommit = Duration.microseconds(500)
  /// The part of a commit's time that is waited for others.
  private static let pausePart = 3
  private static let longestPause = Duration.milliseconds(5)

  /// What the last transaction was like.
  private struct Pace {
    /// How long its commit took.
    var commit = Duration.zero
    var appends = 0
    /// Appends that waited already when it ended.
    var waiting = 0
    var endedAt = ContinuousClock.now

    /// How many of those who were answered have not come back yet, given how many appends there are now.
    func missing(_ count: Int) -> Int { appends - max(0, count - waiting) }
  }

  private let database: DatabasePool
  private let now: @Sendable () -> Timestamp
  /// How many events gather before they are put into the text index.
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

  /// Why the last transaction failed, unless others only kept it waiting; nil when it was committed.
  var failure: EventStoreError? { lastFailure.withLock(\.self) }

  private func note(_ failure: EventStoreError?) {
    if failure?.reason != .busy { lastFailure.withLock { $0 = failure } }
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

  private func takeWaiting() -> [Append] {
    waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
  }

  private func commitWaiting(_ database: Database) {
    var appends = takeWaiting()
    // The transaction before may have taken everything.
    if appends.isEmpty { return }
    var events: [[Event]] = []
    do {
      var inserted = ContinuousClock.now
      // Ids are given under the write lock, so that other processes see them in commit order too.
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
      indexText(database)
    } catch {
      let error = EventStoreError(error)
      note(error)
      for append in appends { append.continuation.resume(returning: .failure(error)) }
    }
  }

  /// Blocks until so many appends wait, or the time is over.
  private func wait(until deadline: ContinuousClock.Instant, for count: Int) {
    while waiting.withLock(\.count) < count, ContinuousClock.now < deadline { usleep(20) }
  }

  /// Does what an append does, and takes it back, which a full or a read-only device refuses as well.
  ///
  /// - Throws: `EventStoreError` when it fails as an append would.
  func probe() async throws(EventStoreError) {
    do {
      try await database.writeWithoutTransaction { database in
        try database.inTransaction(.immediate) {
          try database.inSavepoint {
            var inserter = try EventInserter(database)
            _ = try inserter.insert(Self.probe, timestamp: now())
            return .rollback
          }
          // So that there is something to commit.
          try database.execute(sql: "UPDATE text_index SET last_id = last_id")
          return .commit
        }
      }
      note(nil)
    } catch {
      throw EventStoreError(error)
    }
  }

  private static let probe = EventDraft(
    storedType: .info, source: "probe", message: "probe", userID: "probe", requestID: "probe",
    tags: ["probe"], data: nil)

  /// Puts the events that have gathered into the text index. Who appends meanwhile waits for it, so that the index
  /// cannot fall behind; a failure costs searches their speed and nothing else.
  ///
  /// - Parameter database: outside of a transaction.
  func indexText(_ database: Database) {
    while (try? TextIndex.extend(by: indexBatchSize, database)) == true {}
  }
}
