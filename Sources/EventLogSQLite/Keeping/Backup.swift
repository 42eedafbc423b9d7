public import EventLog
import GRDB
import Glibc
import Linux

/// Copies a log that may be in use.
public enum Backup {
  /// The number of pages that are copied between two reports of the progress.
  private static let pagesPerStep: CInt = 1000

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
      func checkCancellation() throws {
        if isCancelled() { throw CancellationError() }
      }
      let log = try ReadOnlyLog(path: source, acceptsOlder: true)
      try write(log, to: file.path) { _ in try checkCancellation() }
      try checkCancellation()
      try file.commit()
    } catch {
      let error = EventStoreError(error)
      throw EventStoreError(error.reason, cause: "cannot copy \(source) to \(destination): \(error.cause)")
    }
  }

  /// Writes a copy of a log, which is another log: it has an id of its own.
  ///
  /// - Parameters:
  ///   - log: the log.
  ///   - path: the path of an empty file.
  ///   - progress: receives how much is done, from 0 to 1; an error ends the copy.
  /// - Throws: any error from SQLite, or `EventStoreError` when the log cannot be read.
  static func write(
    _ log: ReadOnlyLog, to path: String, progress: @escaping (Double) throws -> Void = { _ in }
  ) throws {
    // The files that SQLite leaves next to the copy after a failure.
    let companions = SQLiteFile.companions.map { path + $0 }
    defer { for path in companions { unlink(path) } }
    let copy = try DatabaseQueue(path: path)
    try copy.writeWithoutTransaction { copy in
      // All pages are copied in one transaction, so that events recorded in the meantime cannot force a restart.
      try log.read { database in
        try database.backup(to: copy, pagesPerStep: Self.pagesPerStep) { pages in
          try progress(Double(pages.completedPageCount) / Double(max(pages.totalPageCount, 1)))
        }
      }
      // Otherwise the copy would need companion files, as the log does.
      try copy.execute(sql: "PRAGMA journal_mode = DELETE")
      try copy.renewLogID()
    }
    try copy.close()
  }
}

extension Database {
  /// Makes the database another log than the one from which it was copied, with the same keys, in which nobody is logged
  /// in. If its schema is older, it gets an id when it
  /// is brought up to date.
  ///
  /// - Throws: any error from SQLite.
  fileprivate func renewLogID() throws {
    guard try Schema.isCurrent(self) else { return }
    try execute(sql: "UPDATE log_state SET log_id = random()")
    // Whoever logs out later stays logged out when the copy is restored.
    try execute(sql: "DELETE FROM access_session")
  }
}
