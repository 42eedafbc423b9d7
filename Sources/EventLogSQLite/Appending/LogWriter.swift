import EventLog
import GRDB

/// The one way in which this process changes the log: transactions on the connection that writes, one after another.
final class LogWriter: Sendable {
  let gate: LogGate
  let writeAheadLog: WriteAheadLog
  let growth = GrowthMeter()
  private let database: DatabasePool
  /// The most that the log may take on disk; nil when only the disk limits it.
  private let limit: SizeLimit?
  private let watch: LogWatch

  /// - Parameters:
  ///   - database: the connections to the log.
  ///   - gate: says whether the log may be changed.
  ///   - settings: the limits of the log.
  ///   - watch: is told of each transaction.
  init(
    _ database: DatabasePool, _ gate: LogGate, _ settings: SQLiteEventStore.Settings, _ watch: LogWatch
  ) {
    self.database = database
    self.gate = gate
    self.watch = watch
    limit = settings.maximumSize.map(SizeLimit.init)
    writeAheadLog = WriteAheadLog(
      of: database, path: gate.files.paths[1], limit: settings.writeAheadLogLimit)
  }

  /// Schedules work on the connection that writes; it runs outside a transaction, after what was scheduled before.
  func schedule(_ work: @escaping @Sendable (Database) -> Void) {
    database.asyncWriteWithoutTransaction(work)
  }

  /// Runs work on the connection that writes, outside a transaction, and suspends until it has run.
  func run<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    try await database.writeWithoutTransaction(work)
  }

  /// Runs a transaction that holds the write lock, and returns when it is on disk, in the files at the log's paths.
  ///
  /// - Parameters:
  ///   - database: the connection that writes.
  ///   - room: the number of bytes for which there must still be room afterwards.
  ///   - body: the changes.
  /// - Returns: what `body` returned.
  /// - Throws: `EventStoreError`; nothing is changed then. Only if the files were removed during the commit itself, the
  ///   changes are in the removed files.
  func transaction<Value>(
    _ database: Database, leaving room: Int = 0, _ body: () throws -> Value
  ) throws(EventStoreError) -> Value {
    try gate.checkBeforeTransaction()
    do {
      var result: Value?
      try limit?.prepare(database, writeAheadLog)
      try database.inTransaction(.immediate) {
        let size = try limit.map { _ in try database.size() }
        result = try body()
        if let limit, let size { try limit.check(database, writeAheadLog, sizeBefore: size, leaving: room) }
        try growth.noteIfDue { try database.size() }
        try gate.files.check(beforeCommit: true)
        return .commit
      }
      try gate.files.check()
      watch.noteCommit()
      guard let result else { preconditionFailure("a transaction was committed that has not run") }
      return result
    } catch {
      if gate.files.isDisplaced { gate.files.rescue(database) }
      throw EventStoreError(error, of: database)
    }
  }
}
