import EventLog
import GRDB
import Glibc
import Synchronization

/// Group commit: the appends that wait share the next transaction, and therefore one fsync.
///
/// While a transaction is being committed, further appends gather; the next one takes them, as many as it may.
final class GroupCommitter: Sendable {
  let writer: LogWriter
  private let sealer: Sealer
  let now: @Sendable () -> Timestamp
  private let queue = AppendQueue()
  private let pace = Mutex(CommitPace())
  private let committed = Mutex((commits: 0, events: 0))
  private let lastFailure = Mutex<EventStoreError?>(nil)

  /// - Parameters:
  ///   - writer: runs the transactions.
  ///   - sealer: indexes what was committed.
  ///   - now: the clock that timestamps are read from.
  init(_ writer: LogWriter, _ sealer: Sealer, now: @escaping @Sendable () -> Timestamp) {
    self.writer = writer
    self.sealer = sealer
    self.now = now
  }

  /// The error with which the last transaction failed; nil when it was committed.
  var failure: EventStoreError? { lastFailure.withLock(\.self) }

  /// Takes note that the log can be written again.
  func forgetFailure() { lastFailure.withLock { $0 = nil } }

  /// The number of transactions that this committer has committed, and the number of events in them.
  var counts: (commits: Int, events: Int) { committed.withLock(\.self) }

  /// How long the oldest append has been waiting; nil when none is.
  var longestWait: Duration? { queue.longestWait }

  /// Appends drafts, and suspends until the transaction that holds them has been fsynced or has failed.
  func append(_ drafts: [EventDraft]) async throws(EventStoreError) -> [Event] {
    try await withCheckedContinuation { continuation in
      if queue.add(AppendQueue.Append(drafts, continuation)) { writer.schedule(commitWaiting) }
    }.get()
  }

  private func commitWaiting(_ database: Database) {
    var share = AppendQueue.Share()
    var appends = queue.take(&share)
    var events: [[Event]] = []
    do throws(EventStoreError) {
      // Ids are assigned under the write lock, so that other processes see them in commit order too.
      let inserted = try writer.transaction(database) {
        let inserter = try EventInserter(database)
        try insert(appends, into: &events, inserter)
        if let pause = pace.withLock(\.pause) {
          wait(until: .now + pause, for: pace.withLock { $0.missing(appends.count) })
        }
        appends += queue.take(&share)
        try insert(appends, into: &events, inserter)
        return ContinuousClock.now
      }
      let count = events.reduce(0) { $0 + $1.count }
      let rest = queue.count
      pace.withLock { $0 = CommitPace(commit: .now - inserted, appends: appends.count, waiting: rest) }
      committed.withLock { $0 = ($0.commits + 1, $0.events + count) }
      forgetFailure()
      for (append, events) in zip(appends, events) { append.continuation.resume(returning: .success(events)) }
      if let last = events.last?.last {
        sealer.startIfDue(lastID: last.id.number, textSize: appends.reduce(0) { $0 + $1.size })
      }
      writer.writeAheadLog.keepSmall(database)
    } catch {
      lastFailure.withLock { $0 = error }
      for append in appends { append.continuation.resume(returning: .failure(error)) }
    }
    if queue.finish() { writer.schedule(commitWaiting) }
  }

  /// Inserts the appends whose events are not among `events` yet.
  private func insert(
    _ appends: [AppendQueue.Append], into events: inout [[Event]], _ inserter: EventInserter
  ) throws {
    let timestamp = now()
    for append in appends[events.count...] {
      events.append(try append.drafts.map { try inserter.insert($0, timestamp: timestamp) })
    }
  }

  /// Blocks until `count` appends are waiting or the deadline has passed.
  private func wait(until deadline: ContinuousClock.Instant, for count: Int) {
    while queue.count < count, ContinuousClock.now < deadline { usleep(20) }
  }
}
