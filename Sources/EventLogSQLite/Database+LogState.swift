import EventLog
import GRDB

extension Database {
  /// Reads the state of the log with a single statement.
  ///
  /// - Throws: any error from SQLite, or `EventStoreError` with the reason `damaged` when the log has lost its own id.
  func logState() throws -> LogState {
    let statement = try cachedStatement(
      sql: """
        SELECT log_id, removals, event.id, event.timestamp
        FROM log_state LEFT JOIN event ON event.id = (SELECT max(id) FROM event)
        """)
    var state: LogState?
    try statement.forEachRow { row in
      let newest = row.optionalInteger(2).flatMap(EventID.init).map { id in
        LogState.Newest(id: id, timestamp: Timestamp(milliseconds: row.integer(3)))
      }
      state = LogState(logID: row.integer(0), newest: newest, removals: row.integer(1))
      return false
    }
    guard let state else { throw EventStoreError(.damaged, cause: "the table 'log_state' is empty") }
    return state
  }
}
