import EventLog
import GRDB
import Glibc
import Linux
import SystemPackage

/// The log that a backup replaces, if there is one.
struct ReplacedLog {
  /// The room that must be left after a restoration, in bytes.
  private static let spareRoom: Int64 = 1 << 20

  private let path: FilePath
  private let file: Stat?

  /// - Parameter path: the log's path, at which nothing need be.
  init(_ path: String) {
    self.path = FilePath(path).resolvingLinks
    file = try? Stat(self.path)
  }

  /// The permissions that the log has, which the next one gets too.
  var permissions: FilePermissions {
    file?.permissions.intersection([.ownerReadWrite, .groupReadWrite, .otherReadWrite]) ?? .ownerReadWrite
  }

  /// Returns whether a file is the log or one of the files next to it.
  func isPart(_ other: FilePath) -> Bool {
    let file = try? Stat(other)
    return ([""] + SQLiteFile.companions).contains { suffix in
      let own = try? Stat(FilePath(path.string + suffix))
      return own != nil && own?.deviceID == file?.deviceID && own?.inode == file?.inode
    }
  }

  /// - Throws: `EventStoreError` when another process has the log open; `SystemCallError` when that cannot be told.
  func refuseIfInUse() throws {
    guard file != nil else { return }
    let descriptor = try systemCall("open") {
      try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
    }
    defer { try? descriptor.close() }
    if try descriptor.isLockedByOthers(SQLiteFile.lockBytes) { throw Self.inUse }
  }

  /// - Parameter size: the size of what is about to be written, in bytes.
  /// - Throws: `EventStoreError` when the device has less room.
  func requireRoom(for size: Int64) throws(EventStoreError) {
    var status = statvfs()
    guard statvfs(folder.string, &status) == 0 else { return }
    let room = Int64(status.f_bavail) * Int64(status.f_frsize)
    let needed = size + Self.spareRoom
    guard room < needed else { return }
    throw EventStoreError(
      .full, cause: "it takes \(needed >> 20) MiB, but only \(room >> 20) MiB are free in \(folder)")
  }

  /// Gives a file to the log's owner or, where there is no log, to the folder's, if this process may: a program that
  /// runs as another user could not open a log of root's.
  ///
  /// - Throws: `SystemCallError` when the old log belongs to somebody else and this process may not give files away.
  func giveToOwner(_ descriptor: FileDescriptor) throws(SystemCallError) {
    let isRoot = geteuid() == 0
    guard let owned = file ?? (isRoot ? folderStatus : nil),
      owned.userID.rawValue != geteuid() || owned.groupID.rawValue != getegid()
    else { return }
    let result = fchown(descriptor.rawValue, owned.userID.rawValue, owned.groupID.rawValue)
    // A group that this process is not in is no reason to give up.
    if owned.userID.rawValue != geteuid() { try systemCall("chown", result) }
  }

  /// Gives the log a second name, and moves the files next to it to that name: the next log at the path would take them
  /// for its own. The log keeps its first name until another file takes it, and nobody else can write to it until then.
  ///
  /// - Parameter moment: the time, which becomes part of the name.
  /// - Returns: the log under its second name; nil when there is no log.
  /// - Throws: `EventStoreError` when another process has the log open; `SystemCallError` when a file cannot be named. The
  ///   log is as it was.
  func putAside(at moment: Timestamp) throws -> LogAside? {
    let lock = try foldAndLock()
    let companions = SQLiteFile.companions.filter { exists(path.string + $0) }
    guard file != nil || !companions.isEmpty else { return nil }
    var aside = LogAside(path: unusedName(moment), formerPath: path.string, lock)
    do {
      if file != nil { try aside.takeLog() }
      for suffix in companions { try aside.take(suffix) }
    } catch {
      aside.putBack()
      throw error
    }
    return aside
  }

  /// Brings what is in the `-wal` into the log, so that the log is one file, and even a crash between two steps of
  /// `putAside(at:)` leaves a whole log. A log that cannot be read stays as it is: SQLite would delete the files next to
  /// one that looks empty.
  ///
  /// - Returns: a connection that keeps all others from the log; nil when there is none that can be read.
  private func foldAndLock() throws -> DatabaseQueue? {
    try refuseIfInUse()
    guard isReadable else { return nil }
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(1)
      configuration.allowsUnsafeTransactions = true
      let log = try DatabaseQueue(path: path.string, configuration: configuration)
      try log.writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA journal_mode = DELETE")
        // The mode stays as it was if somebody has opened the log in the meantime.
        guard try String.fetchOne($0, sql: "PRAGMA journal_mode") == "delete" else { throw Self.inUse }
        try $0.execute(sql: "BEGIN EXCLUSIVE")
      }
      return log
    } catch let error as DatabaseError {
      if error.resultCode == .SQLITE_BUSY { throw Self.inUse }
      return nil
    }
  }

  /// Whether the file is a database with tables, of whatever version.
  private var isReadable: Bool {
    var configuration = Configuration()
    configuration.readonly = true
    guard file != nil, let access = try? ReadOnlyAccess(path.string),
      let log = try? DatabaseQueue(path: access.uri, configuration: configuration)
    else { return false }
    let tables = try? log.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
    return tables ?? 0 > 0
  }

  private func unusedName(_ moment: Timestamp) -> String {
    let name = "\(path).replaced-\(moment.fileNamePart)"
    let names = ([""] + (2...99).map { "-\($0)" }).map { name + $0 }
    return names.first { name in !([""] + SQLiteFile.companions).contains { exists(name + $0) } } ?? name
  }

  private func exists(_ path: String) -> Bool {
    (try? Stat(FilePath(path), followTargetSymlink: false)) != nil
  }

  private var folderStatus: Stat? { try? Stat(folder) }

  private var folder: FilePath {
    let folder = path.removingLastComponent()
    return folder.isEmpty ? "." : folder
  }

  private static let inUse = EventStoreError(
    .unavailable, cause: "another process is using it; stop that process first, and start it again afterwards"
  )
}
