import GRDB
import GRDBSQLite

// What SQLite tells about its files, which GRDB does not pass on.

extension Database {
  /// Whether SQLite finds another file, or none, at the path of the file that it has open. It does not compare devices.
  var hasMoved: Bool {
    var hasMoved: Int32 = 0
    sqlite3_file_control(sqliteConnection, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved)
    return hasMoved != 0
  }

  /// The path of the file without symbolic links; nil when the database is in memory.
  var resolvedPath: String? {
    sqlite3_db_filename(sqliteConnection, "main").map { String(cString: $0) }
  }

  /// The numbers of the system's errors (errno) that last made a call for the write-ahead log and for the database fail;
  /// 0 when none has. `sqlite3_system_errno` knows nothing of a commit that failed.
  var systemErrors: [Int32] {
    [SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER].map { pointer in
      var file: UnsafeMutablePointer<sqlite3_file>?
      sqlite3_file_control(sqliteConnection, "main", pointer, &file)
      var number: Int32 = 0
      _ = file?.pointee.pMethods?.pointee.xFileControl?(file, SQLITE_FCNTL_LAST_ERRNO, &number)
      return number
    }
  }
}
