import Linux
import SystemPackage

/// The names of the files that SQLite keeps next to a database.
enum SQLiteFile {
  static let rollbackJournal = "-journal"
  static let writeAheadLog = "-wal"
  static let sharedMemory = "-shm"
  /// The suffixes of the files without which a database may lack transactions.
  static let journals = [rollbackJournal, writeAheadLog]
  /// The suffixes of all of them.
  static let companions = journals + [sharedMemory]
  /// The suffixes of those that exist as long as a database in WAL mode is open.
  static let openCompanions = [writeAheadLog, sharedMemory]

  /// The bytes of a database that SQLite locks: the pending, the reserved and the shared lock (sqlite3.c, os.h).
  /// Whoever has a database in WAL mode open holds the shared lock.
  static let lockBytes = 0x4000_0000..<0x4000_0200

  /// Tells whether a database needs its write-ahead log (section 1.3.3 of SQLite's file format: the read version).
  ///
  /// - Parameter path: the path of a file, which need not be a database.
  /// - Returns: whether it does.
  /// - Throws: `SystemCallError` when the file cannot be read.
  static func isInWALMode(_ path: String) throws(SystemCallError) -> Bool {
    let readVersionOffset = 19
    let file = try systemCall("open") { try FileDescriptor.open(path, .readOnly, options: .closeOnExec) }
    defer { try? file.close() }
    var header = [UInt8](repeating: 0, count: 100)
    return try file.read(into: &header) > readVersionOffset && header[readVersionOffset] == 2
  }
}
