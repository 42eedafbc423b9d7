/// The names of the files that SQLite keeps next to a database.
enum SQLiteFile {
  /// The suffixes of the files without which a database may lack transactions.
  static let journals = ["-journal", "-wal"]
  /// The suffixes of all of them.
  static let companions = journals + ["-shm"]
  /// The suffixes of those that exist as long as a database in WAL mode is open.
  static let openCompanions = ["-wal", "-shm"]
}
