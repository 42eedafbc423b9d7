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
  private let idempotencyWindow: Duration
  private let queue = AppendQueue()
  private let pace = Mutex(CommitPace())
  private let committed = Mutex((commits: 0, events: 0))
  private let lastFailure = Mutex<EventStoreError?>(nil)

  /// - Parameters:
  ///   - writer: runs the transactions.
  ///   - sealer: indexes what was committed.
  ///   - settings: the clock that timestamps are read from, and how long keys are kept.
  init(_ writer: LogWriter, _ sealer: Sealer, _ settings: SQLiteEventStore.Settings) {
    self.writer = writer
    self.sealer = sealer
    now = settings.now
    idempotencyWindow = settings.idempotencyWindow
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
  ///
  /// - Parameters:
  ///   - drafts: the drafts.
  ///   - key: the key under which they are recorded at most once.
  /// - Returns: what has become of them.
  /// - Throws: `EventStoreError`; nothing is recorded then.
  func append(
    _ drafts: [EventDraft], under key: IdempotencyKey? = nil
  ) async throws(EventStoreError) -> AppendQueue.Outcome {
    try await withCheckedContinuation { continuation in
      if queue.add(AppendQueue.Append(drafts, under: key, continuation)) { writer.schedule(commitWaiting) }
    }.get()
  }

  private func commitWaiting(_ database: Database) {
    var share = AppendQueue.Share()
    var appends = queue.take(&share)
    var outcomes: [AppendQueue.Outcome] = []
    do throws(EventStoreError) {
      // Ids are assigned under the write lock, so that other processes see them in commit order too.
      let inserted = try writer.transaction(database) {
        let inserter = try EventInserter(database)
        try insert(appends, into: &outcomes, inserter)
        if let pause = pace.withLock(\.pause) {
          wait(until: .now + pause, for: pace.withLock { $0.missing(appends.count) })
        }
        appends += queue.take(&share)
        try insert(appends, into: &outcomes, inserter)
        return ContinuousClock.now
      }
      let count = outcomes.reduce(0) { $0 + $1.events.count }
      let rest = queue.count
      pace.withLock { $0 = CommitPace(commit: .now - inserted, appends: appends.count, waiting: rest) }
      committed.withLock { $0 = ($0.commits + 1, $0.events + count) }
      forgetFailure()
      for (append, outcome) in zip(appends, outcomes) {
        append.continuation.resume(returning: .success(outcome))
      }
      if let last = outcomes.last(where: { !$0.events.isEmpty })?.events.last {
        sealer.startIfDue(lastID: last.id.number, textSize: appends.reduce(0) { $0 + $1.size })
      }
      writer.writeAheadLog.keepSmall(database)
    } catch {
      lastFailure.withLock { $0 = error }
      for append in appends { append.continuation.resume(returning: .failure(error)) }
    }
    if queue.finish() { writer.schedule(commitWaiting) }
  }

  /// Inserts the appends that have no outcome yet.
  private func insert(
    _ appends: [AppendQueue.Append], into outcomes: inout [AppendQueue.Outcome], _ inserter: EventInserter
  ) throws {
    let timestamp = now()
    for append in appends[outcomes.count...] {
      outcomes.append(try insert(append, at: timestamp, inserter))
    }
  }

  private func insert(
    _ append: AppendQueue.Append, at timestamp: Timestamp, _ inserter: EventInserter
  ) throws -> AppendQueue.Outcome {
    func events() throws -> [Event] {
      try append.drafts.map { try inserter.insert($0, timestamp: timestamp) }
    }
    guard let key = append.key else { return .recorded(try events()) }
    let keys = KeyTable(inserter.database, window: idempotencyWindow)
    switch try keys.entry(of: key, at: timestamp) {
    case .recorded(let ids): return .repeated(ids)
    case .isTaken: return .refused
    case nil:
      let events = try events()
      if let first = events.first, let last = events.last {
        try keys.note(key, IDRange(lower: first.id.number, upper: last.id.number), at: timestamp)
      }
      return .recorded(events)
    }
  }

  /// Blocks until `count` appends are waiting or the deadline has passed.
  private func wait(until deadline: ContinuousClock.Instant, for count: Int) {
    while queue.count < count, ContinuousClock.now < deadline { usleep(20) }
  }
}
