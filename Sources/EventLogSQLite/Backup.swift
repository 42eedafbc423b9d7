public import EventLog
import Foundation
import GRDB

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
    let unfinished = "\(destination).unfinished-\(getpid())"
    defer { for suffix in ["", "-journal", "-wal", "-shm"] { unlink(unfinished + suffix) } }
    do {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(SQLiteEventStore.busyTimeout)
      let log = try DatabaseQueue(path: source, configuration: configuration)
      try log.read(Schema.refuseForeign)
      let copy = try DatabaseQueue(path: unfinished)
      // All pages in one step, so that what is recorded meanwhile cannot make it start anew.
      try log.backup(to: copy)
      // Without it the copy would want files beside it, as the log does.
      try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
      try copy.close()
      try moveDurably(unfinished, to: destination)
    } catch {
      let error = EventStoreError(error)
      throw EventStoreError(error.reason, cause: "cannot copy \(source) to \(destination): \(error.cause)")
    }
  }

  /// Gives a file its name so that both are on disk.
  private static func moveDurably(_ file: String, to destination: String) throws(EventStoreError) {
    let folder = URL(fileURLWithPath: destination).deletingLastPathComponent().path
    guard synchronize(file), rename(file, destination) == 0, synchronize(folder) else {
      throw EventStoreError(.unavailable, cause: String(cString: strerror(errno)))
    }
  }

  private static func synchronize(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    return descriptor >= 0 && fsync(descriptor) == 0
  }
}
