public import EventLog
import GRDB
import Glibc
import Linux
import SystemPackage

/// Puts a backup in the place of a log.
public struct Restoration: Sendable {
  /// The number of events in the log that was restored.
  public let events: Int
  /// The number of its keys, which are in force again as they were when the backup was made.
  public let keys: Int
  /// The path at which the old log lies now; nil when there was none.
  public let oldLog: String?

  /// The part of the work that goes on.
  public enum Stage: Sendable {
    case copying
    case checking
  }

  /// Makes a log of a copy of a backup, once the copy has been found to be whole. The old log is put aside. There is a
  /// log at the path at every moment, and a crash leaves the old one or the new one there.
  ///
  /// - Parameters:
  ///   - backup: the path of the backup, which may have the schema of an older version, and which stays as it is.
  ///   - log: the path of the log, at which nothing need be.
  ///   - moment: the time, which becomes part of the old log's name.
  ///   - progress: receives the stage, and how much of it is done, from 0 to 1; an error ends the restoration, and leaves
  ///     nothing behind.
  /// - Returns: what was done.
  /// - Throws: `RestorationFailure`; the log is as it was.
  public static func restore(
    _ backup: String, to log: String, at moment: Timestamp = .now(),
    progress: @escaping (Stage, Double) throws -> Void = { _, _ in }
  ) throws(RestorationFailure) -> Restoration {
    let source: ReadOnlyLog
    do {
      source = try ReadOnlyLog(path: backup, acceptsOlder: true)
    } catch {
      throw .backup(error)
    }
    do {
      let old = ReplacedLog(log)
      if old.isPart(FilePath(backup)) { throw OutputFailure.isTheLog }
      try old.refuseIfInUse()
      try old.requireRoom(for: size(of: backup))
      let file = try AtomicFile(at: log, permissions: old.permissions)
      try old.giveToOwner(file.descriptor)
      try Backup.write(source, to: file.path) { try progress(.copying, $0) }
      try progress(.checking, 0)
      let (check, keys) = try ReadOnlyLog(path: file.path, acceptsOlder: true).read { database in
        let check = try IntegrityCheck(database, unless: { (try? progress(.checking, 0)) == nil })
        return (check, try Schema.isCurrent(database) ? AccessTables(database).keys().count : 0)
      }
      guard check.problems.isEmpty else { throw RestorationFailure.damaged(check.problems) }
      try progress(.checking, 1)
      let aside = try old.putAside(at: moment)
      defer { aside?.release() }
      do {
        try file.commit()
      } catch {
        aside?.putBack()
        throw error
      }
      return Restoration(events: check.events, keys: keys, oldLog: aside?.path)
    } catch let error as RestorationFailure {
      throw error
    } catch {
      let error = EventStoreError(error)
      // The pages of a backup are copied as they are.
      if error.reason == .damaged { throw .damaged([error.cause]) }
      throw .log(EventStoreError(error.reason, cause: "cannot restore \(log): \(error.cause)"))
    }
  }

  /// The size of the backup with its `-wal`, if it has one, in bytes.
  private static func size(of backup: String) -> Int64 {
    ["", SQLiteFile.writeAheadLog].reduce(0) { size, suffix in
      size + ((try? Stat(FilePath(backup + suffix)))?.size ?? 0)
    }
  }
}
