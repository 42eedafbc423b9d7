import EventLog
import GRDB

extension AccessTables {
  /// The least time between two events about wrong keys, in milliseconds. Each process keeps to it by itself, but there may be
  /// many, each of which answers one request.
  private static let interval: Int64 = 60_000

  /// Counts wrong keys.
  ///
  /// - Parameters:
  ///   - count: their number.
  ///   - now: the time.
  /// - Returns: the number of those that an event has to tell of now; nil when there was one during the last minute.
  /// - Throws: any error from SQLite.
  func noteWrongKeys(_ count: Int, at now: Timestamp) throws -> Int? {
    var (kept, recordedAt): (Int64, Int64) = (0, .min / 2)
    try database.cachedStatement(sql: "SELECT count, recorded_at FROM wrong_key").forEachRow { row in
      (kept, recordedAt) = (row.integer(0), row.integer(1))
      return false
    }
    let all = kept + Int64(count)
    // A clock that was set back must not keep wrong keys from being recorded.
    let isRecent = (0..<Self.interval).contains(now.milliseconds - recordedAt)
    try database.cachedStatement(sql: "DELETE FROM wrong_key").run()
    try database.cachedStatement(sql: "INSERT INTO wrong_key (count, recorded_at) VALUES (?, ?)")
      .run(isRecent ? [all, recordedAt] : [Int64(0), now.milliseconds])
    return isRecent ? nil : Int(all)
  }
}
