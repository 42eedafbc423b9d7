import GRDB
import GRDBSQLite

extension Database {
  /// Runs statements that wait for locks for less time than usual.
  ///
  /// - Parameters:
  ///   - patience: how long each of them may wait.
  ///   - body: runs the statements.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` throws.
  func waiting<Value>(atMost patience: Duration, _ body: () throws -> Value) rethrows -> Value {
    let usual = (try? cachedStatement(sql: "PRAGMA busy_timeout").firstInteger()) ?? nil
    sqlite3_busy_timeout(sqliteConnection, Int32(patience / .milliseconds(1)))
    defer { sqlite3_busy_timeout(sqliteConnection, Int32(usual ?? 0)) }
    return try body()
  }
}
