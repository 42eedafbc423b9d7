/// The names of the files that SQLite keeps next to a database.
enum SQLiteFile {
  /// The suffixes of the files without which a database may lack transactions.
  static let journals = ["-journal", "-wal"]
  /// The suffixes of all of them.
  static let companions = journals + ["-shm"]
}
