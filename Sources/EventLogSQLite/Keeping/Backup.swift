public import EventLog
import GRDB
import Glibc
import Linux

/// Copies a log that may be in use.
public enum Backup {
  /// The number of pages that are copied between two questions whether to go on: 8 MiB of the usual size.
  private static let step: CInt = 2048

  /// Makes a copy of the log as it is at one moment. Other users of the log do not have to wait.
  ///
  /// The copy is a single file, which is on disk when this returns; until then it has a temporary name, so that an
  /// interrupted copy is not mistaken for a complete one.
  ///
  /// - Parameters:
  ///   - source: the path of the log.
  ///   - destination: the path of the copy; an existing file is replaced.
  ///   - isCancelled: returns whether to give up, which leaves nothing behind.
  /// - Throws: `EventStoreError` when the log cannot be read or the copy cannot be written, or with the reason `cancelled`.
  public static func copy(
    _ source: String, to destination: String, unless isCancelled: @escaping () -> Bool = { false }
  ) throws(EventStoreError) {
    do {
      let file = try AtomicFile(at: destination, of: source)
      // The files that SQLite leaves next to the copy after a failure.
      let companions = SQLiteFile.companions.map { file.path + $0 }
      defer { for path in companions { unlink(path) } }
      let log = try DatabaseQueue.readingLog(at: source)
      let copy = try DatabaseQueue(path: file.path)
      func checkCancellation() throws {
        if isCancelled() { throw CancellationError() }
      }
      try copy.writeWithoutTransaction { database in
        try log.read { log in
          // This starts the transaction that all steps share, so that nothing recorded meanwhile can force a restart.
          _ = try Schema.isEmpty(log)
          try log.backup(to: database, pagesPerStep: step) { _ in try checkCancellation() }
        }
        try checkCancellation()
        // Otherwise the copy would need companion files, as the log does.
        try database.execute(sql: "PRAGMA journal_mode = DELETE")
        try database.renewLogID()
      }
      try copy.close()
      try checkCancellation()
      try file.commit()
    } catch {
      let error = EventStoreError(error)
      throw EventStoreError(error.reason, cause: "cannot copy \(source) to \(destination): \(error.cause)")
    }
  }
}

extension Database {
  /// Makes the database another log than the one from which it was copied. If its schema is older, it gets an id when it
  /// is brought up to date.
  ///
  /// - Throws: any error from SQLite.
  fileprivate func renewLogID() throws {
    if try Schema.isCurrent(self) { try execute(sql: "UPDATE log_state SET log_id = random()") }
  }
}
