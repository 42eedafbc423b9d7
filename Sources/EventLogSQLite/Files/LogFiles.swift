import EventLog
import GRDB
import Glibc
import Linux
import Logging
import Synchronization
import SystemPackage

/// The files of a log as this process opened them: the database, its write-ahead log, and that log's index.
///
/// When a file is removed or replaced, SQLite goes on writing to the one that it has open, and nobody would ever find
/// what it wrote there. So whoever reads or writes asks here whether the files at the paths are still those that were
/// opened. A new file at a path is never taken up; the log goes on when the old ones are back.
///
/// Looking at three files would take too long for every commit. Whatever happens to them also changes the folder, so one
/// look at the folder is enough as long as that shows no change.
final class LogFiles: Sendable {
  private struct State {
    /// The files that were opened: the database, and those next to it.
    var files: [(path: String, identity: FileIdentity)] = []
    /// The path of the folder that has all of them, unless the path of the database is a symbolic link.
    var folderPath = ""
    /// The folder when all files were last found in it; nil when it may have changed since without showing it.
    var folder: FileStatus?
    /// Whether the path of the database is a symbolic link, which may come to lead elsewhere.
    var isLink = false
    var isDisplaced = false
  }

  /// The time in nanoseconds after which a further change of a folder is sure to show, however coarse the clock of its
  /// file system is.
  private static let settlingTime: Int64 = 2_000_000_000

  /// The time in nanoseconds for which reads rely on what the last one found. A removal is no older for them than it
  /// would be if their requests had come that much earlier.
  private static let recency: Int64 = 1_000_000

  let path: String
  private let logger: Logger
  private let state = Mutex(State())
  /// The time of the last check that found all files, on the monotonic clock in nanoseconds; 0 when the last check did
  /// not find them.
  private let checkedAt = Atomic<Int64>(0)

  /// - Parameters:
  ///   - path: the path of the database; it need not exist yet.
  ///   - logger: is told once when the files are gone, and once when they are back.
  init(path: String, logger: Logger) {
    self.path = path
    self.logger = logger
  }

  /// Whether the files were found to be gone when somebody last asked.
  var isDisplaced: Bool { state.withLock(\.isDisplaced) }

  /// The paths of the files that were opened; the database comes first, and then its write-ahead log.
  var paths: [String] { state.withLock { $0.files.map(\.path) } }

  /// Takes the files at the paths as those of the log.
  ///
  /// - Parameter database: a connection to the log.
  /// - Throws: `EventStoreError` when they are not the files that the connection has open.
  func identify(_ database: Database) throws {
    try Self.read(database)
    let isLink = (try? Stat(FilePath(path), followTargetSymlink: false))?.type == .symbolicLink
    // SQLite keeps the other files next to the one that a link leads to.
    let base = isLink ? database.resolvedPath ?? path : path
    let paths = [path] + SQLiteFile.openCompanions.map { base + $0 }
    let files = try paths.map { path in
      guard let file = FileStatus(path: path) else { throw Self.displacement(of: path) }
      return (path, file.identity)
    }
    state.withLock { state in
      state = State(files: files, folderPath: FilePath(base).folder.string, isLink: isLink)
    }
    try verify(database)
  }

  /// Checks that a connection has opened the log's own files.
  ///
  /// - Parameter database: the connection.
  /// - Throws: `EventStoreError` when they are others.
  func verify(_ database: Database) throws {
    try Self.read(database)
    guard !database.hasMoved else { throw Self.displacement(of: path) }
    try checkEach()
  }

  /// Reads something, since a connection opens the files only when it needs them.
  private static func read(_ database: Database) throws {
    _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
  }

  /// Checks that the files are still the log's own. This takes one system call as long as nothing changes in the folder.
  ///
  /// - Parameter isBeforeCommit: whether something is about to be written. Then the database is looked at, too: a file
  ///   that another one was mounted over does not show in its folder.
  /// - Throws: `EventStoreError` with the reason `displaced`.
  func check(beforeCommit isBeforeCommit: Bool = false) throws(EventStoreError) {
    let (path, known, database) = state.withLock { state in
      (state.folderPath, state.folder, state.isLink || isBeforeCommit ? state.files.first : nil)
    }
    let now = Self.time(CLOCK_MONOTONIC)
    guard let known, FileStatus(path: path) == known,
      database.map({ FileStatus(path: $0.path)?.identity == $0.identity }) ?? true
    else { return try checkEach() }
    checkedAt.store(now, ordering: .relaxed)
  }

  /// Checks the files for a read, unless that was done a moment ago: many reads then share one look.
  ///
  /// - Throws: `EventStoreError` with the reason `displaced`.
  func checkUnlessRecent() throws(EventStoreError) {
    let checkedAt = checkedAt.load(ordering: .relaxed)
    if checkedAt > 0, Self.time(CLOCK_MONOTONIC) - checkedAt < Self.recency { return }
    try check()
  }

  /// Checks every file, and remembers the result.
  ///
  /// - Throws: `EventStoreError` with the reason `displaced`.
  func checkEach() throws(EventStoreError) {
    let (displaced, hasChanged) = state.withLock { state -> (String?, Bool) in
      // The folder comes first: a change from now on shows the next time.
      let folder = FileStatus(path: state.folderPath).flatMap { Self.isSettled($0) ? $0 : nil }
      let displaced = state.files.first { FileStatus(path: $0.path)?.identity != $0.identity }?.path
      state.folder = displaced == nil ? folder : nil
      defer { state.isDisplaced = displaced != nil }
      return (displaced, state.isDisplaced != (displaced != nil))
    }
    checkedAt.store(displaced == nil ? Self.time(CLOCK_MONOTONIC) : 0, ordering: .relaxed)
    if hasChanged { report(displaced) }
    if let displaced { throw Self.displacement(of: displaced) }
  }

  /// Returns what the files take on disk.
  ///
  /// - Parameter growth: how fast the log grows, in bytes per hour.
  /// - Returns: the sizes, together with that.
  func sizes(growth: Int?) -> StoreStatistics.Disk {
    let sizes = paths.map { FileStatus(path: $0)?.size ?? 0 }
    return StoreStatistics.Disk(size: sizes.reduce(0, +), writeAheadLog: sizes[1], growth: growth)
  }

  /// Saves what was committed when only files next to the database are gone: copies it into the database from the
  /// write-ahead log, which nobody but those who have it open can read any longer.
  ///
  /// - Parameter database: the connection that writes, outside a transaction.
  func rescue(_ database: Database) {
    let files = state.withLock(\.files)
    let found = files.map { FileStatus(path: $0.path)?.identity }
    // Another process that came later would have made these files again, and would know nothing of this copying.
    let isAlone = zip(found, files).dropFirst().allSatisfy { $0 == nil || $0 == $1.identity }
    if found.first == files.first?.identity, isAlone { _ = try? database.checkpoint(.passive) }
  }

  private static func isSettled(_ folder: FileStatus) -> Bool {
    folder.changed + settlingTime < time(CLOCK_REALTIME)
  }

  /// Reads a clock, in nanoseconds.
  private static func time(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  private func report(_ displaced: String?) {
    guard let displaced else {
      return logger.notice("the log's files are back; the log goes on", metadata: ["path": "\(path)"])
    }
    logger.critical(
      """
      the log's file was removed, replaced or moved; nothing is read or recorded until it is back, or this process is \
      started again
      """, metadata: ["path": "\(displaced)"])
  }

  private static func displacement(of path: String) -> EventStoreError {
    EventStoreError(
      .displaced, cause: "\(path) is not the file that was opened: it was removed, replaced or moved")
  }
}
