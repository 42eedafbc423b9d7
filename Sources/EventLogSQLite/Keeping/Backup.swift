public import EventLog
import GRDB
import Glibc
import Linux

/// Copies a log that may be in use.
public enum Backup {
  /// Makes a copy of the log as it is at one moment. Nobody who uses the log waits for it.
  ///
  /// The copy is one file, which is on disk when this returns; until then it has a name of its own, so that a copy
  /// that was interrupted is not taken for one.
  ///
  /// - Parameters:
  ///   - source: the path of the log.
  ///   - destination: the path of the copy; a file that is there is replaced.
  /// - Throws: `EventStoreError` when the log cannot be read or the copy cannot be written.
  public static func copy(_ source: String, to destination: String) throws(EventStoreError) {
    do {
      let file = try AtomicFile(at: destination, of: source)
      // What SQLite leaves beside it when something fails.
      let companions = ["-journal", "-wal", "-shm"].map { file.path + $0 }
      defer { for path in companions { unlink(path) } }
      let log = try DatabaseQueue.readingLog(at: source)
      let copy = try DatabaseQueue(path: file.path)
      // All pages in one step, so that what is recorded meanwhile cannot make it start anew.
      try log.backup(to: copy)
      try copy.writeWithoutTransaction { database in
        // Without it the copy would want files beside it, as the log does.
        try database.execute(sql: "PRAGMA journal_mode = DELETE")
        try Schema.renewID(database)
      }
      try copy.close()
      try file.commit()
    } catch {
      let error = EventStoreError(error)
      throw EventStoreError(error.reason, cause: "cannot copy \(source) to \(destination): \(error.cause)")
    }
  }
}
