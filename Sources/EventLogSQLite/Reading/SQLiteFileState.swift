import Glibc
import SystemPackage

/// What shows that somebody has written to a database, or is about to.
struct SQLiteFileState: Equatable {
  private let inode: Inode?
  private let size: Int64?
  private let seconds: Int?
  private let nanoseconds: Int?
  /// The size of the `-wal` in bytes; nil when there is none.
  let walSize: Int64?
  let hasSharedMemory: Bool
  /// Whether there is a rollback journal with content.
  let hasJournal: Bool

  /// Looks at the files.
  ///
  /// - Parameter path: the database's path, at which nothing need be.
  init(_ path: String) {
    func status(_ suffix: String = "") -> Stat? { try? Stat(FilePath(path + suffix)) }
    let file = status()
    inode = file?.inode
    size = file?.size
    seconds = file?.st_mtim.tv_sec
    nanoseconds = file?.st_mtim.tv_nsec
    walSize = status(SQLiteFile.writeAheadLog)?.size
    hasSharedMemory = status(SQLiteFile.sharedMemory) != nil
    hasJournal = status(SQLiteFile.rollbackJournal)?.size ?? 0 > 0
  }
}
