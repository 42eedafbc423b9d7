import GRDB

/// The indexes of schema versions 1 to 4. They are removed in steps while the log is in use; the room that they took is used
/// for the new index and for events.
enum ObsoleteIndexes {
  private static let tables = ["event_tag", "clock_step", "event_text", "text_index"]
  private static let indexes = ["event_by_type", "event_by_source", "event_by_user", "event_by_request"]
  /// The number of rows of the text index that one step removes: some megabytes.
  private static let stepSize = 500
  /// The last of the rows without which FTS5 can no longer open a text index, not even to remove it.
  private static let lastNeededRow = 10

  private static func names(_ database: Database) throws -> Set<String> {
    try String.fetchSet(database, sql: "SELECT name FROM sqlite_schema")
  }

  static func exist(in database: Database) throws -> Bool {
    try !names(database).isDisjoint(with: tables + indexes)
  }

  /// Removes one index or, of the text index, as much as takes some milliseconds.
  ///
  /// - Parameter database: a connection in a transaction that holds the write lock.
  /// - Throws: any error from SQLite.
  static func dropSome(of database: Database) throws {
    let names = try names(database)
    if let index = indexes.first(where: names.contains) {
      return try database.execute(sql: "DROP INDEX \(index)")
    }
    if names.contains("event_text_data") {
      try database.execute(
        sql: """
          DELETE FROM event_text_data WHERE id IN (
            SELECT id FROM event_text_data WHERE id > \(lastNeededRow) ORDER BY id DESC LIMIT \(stepSize)
          )
          """)
      if database.changesCount == stepSize { return }
    }
    if let table = tables.first(where: names.contains) { try database.execute(sql: "DROP TABLE \(table)") }
  }
}
