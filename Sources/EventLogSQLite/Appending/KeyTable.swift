import EventLog
import GRDB
import Text

/// The table `idempotency_key`, in a transaction that holds the write lock.
struct KeyTable {
  /// The most of the oldest keys that are forgotten when another one is noted.
  private static let stepSize: Int64 = 100

  /// What the log knows about a key.
  enum Entry {
    /// The events that were recorded under the key, with the same content.
    case recorded(IDRange)
    /// The key was used with other content.
    case isTaken
  }

  private let database: Database
  private let window: Duration

  /// - Parameters:
  ///   - database: a connection in a transaction that holds the write lock.
  ///   - window: how long a key is kept.
  init(_ database: Database, window: Duration) {
    self.database = database
    self.window = window
  }

  /// Looks a key up.
  ///
  /// - Parameters:
  ///   - key: the key.
  ///   - now: the time.
  /// - Returns: what the log knows; nil when the key is new, or so old that it is forgotten.
  /// - Throws: any error from SQLite.
  func entry(of key: IdempotencyKey, at now: Timestamp) throws -> Entry? {
    var entry: Entry?
    try database.cachedStatement(
      sql: "SELECT content, first_id, last_id, recorded_at FROM idempotency_key WHERE key = ?"
    ).forEachRow([key.text.string]) { row in
      if isKept(row.integer(3), at: now) {
        entry =
          row.blob(0).elementsEqual(key.content)
          ? .recorded(IDRange(lower: row.integer(1), upper: row.integer(2))) : .isTaken
      }
      return false
    }
    return entry
  }

  /// Notes the events that were recorded under a key, and forgets some of the oldest keys.
  ///
  /// - Throws: any error from SQLite.
  func note(_ key: IdempotencyKey, _ ids: IDRange, at now: Timestamp) throws {
    try database.cachedStatement(sql: "DELETE FROM idempotency_key WHERE key = ?").run([key.text.string])
    try database.cachedStatement(
      sql: """
        INSERT INTO idempotency_key (key, content, first_id, last_id, recorded_at) VALUES (?, ?, ?, ?, ?)
        """
    ).run([key.text.string, key.content, ids.lower, ids.upper, now.milliseconds])
    try forgetOldest(before: database.lastInsertedRowID, at: now)
  }

  private func forgetOldest(before newest: Int64, at now: Timestamp) throws {
    var forgotten: Int64?
    try database.cachedStatement(sql: "SELECT id, recorded_at FROM idempotency_key ORDER BY id LIMIT ?")
      .forEachRow([Self.stepSize]) { row in
        let isOld =
          row.integer(0) <= newest - Int64(IdempotencyKey.maximumCount) || !isKept(row.integer(1), at: now)
        if isOld { forgotten = row.integer(0) }
        return isOld
      }
    guard let forgotten else { return }
    try database.cachedStatement(sql: "DELETE FROM idempotency_key WHERE id <= ?").run([forgotten])
  }

  private func isKept(_ recordedAt: Int64, at now: Timestamp) -> Bool {
    now.milliseconds - recordedAt < Int64(window / .milliseconds(1))
  }
}
