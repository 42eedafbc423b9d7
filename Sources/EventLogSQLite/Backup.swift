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
      try refuse(destination, as: source)
      try makeFile(unfinished, like: source)
      let log = try DatabaseQueue.readingLog(at: source)
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

  /// - Throws: where the copy would take the place of the log itself, or of a log that may be in use.
  private static func refuse(_ destination: String, as source: String) throws(EventStoreError) {
    var (log, file) = (stat(), stat())
    if stat(source, &log) == 0, stat(destination, &file) == 0,
      (log.st_dev, log.st_ino) == (file.st_dev, file.st_ino)
    {
      throw EventStoreError(.unavailable, cause: "that is the log itself")
    }
    // SQLite would take them for the copy's.
    for suffix in ["-wal", "-journal"] where access(destination + suffix, F_OK) == 0 {
      throw EventStoreError(
        .unavailable, cause: "\(destination)\(suffix) is there: it belongs to a log that may be in use")
    }
  }

  /// An empty file that nobody can read who cannot read the log.
  private static func makeFile(_ path: String, like source: String) throws(EventStoreError) {
    var log = stat()
    let descriptor =
      stat(source, &log) == 0 ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, log.st_mode & 0o777) : -1
    guard descriptor >= 0 else {
      throw EventStoreError(.unavailable, cause: String(cString: strerror(errno)))
    }
    close(descriptor)
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
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return fsync(descriptor) == 0
  }
}
