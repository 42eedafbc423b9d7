import EventLog
import EventLogAccess
import GRDB
import Text

/// The tables of keys and sessions.
struct AccessTables {
  let database: Database

  /// - Parameter database: a connection in a transaction.
  init(_ database: Database) {
    self.database = database
  }

  /// A number that changes with every change of a key or a session.
  var version: Int64 {
    get throws {
      try database.cachedStatement(sql: "SELECT version FROM access_state").firstInteger() ?? 0
    }
  }

  func noteChange() throws {
    try database.cachedStatement(sql: "UPDATE access_state SET version = version + 1").run()
  }

  func snapshot() throws -> AccessSnapshot {
    AccessSnapshot(keys: try keys(), sessions: try sessions())
  }

  func keys() throws -> [AccessKey] {
    var keys: [AccessKey] = []
    try database.cachedStatement(
      sql: "SELECT id, name, roles, source, created, last_used, ends, digest FROM access_key"
    ).forEachRow { row in
      // A role of a newer version is none here.
      let roles = try Text(row.text(2)).split(separator: " ").compactMap { KeyRole(rawValue: $0.string) }
      keys.append(
        AccessKey(
          id: Text(try row.text(0)), name: Text(try row.text(1)), roles: Set(roles),
          source: try row.optionalText(3).map(Text.init(_:)), created: row.moment(4) ?? .earliest,
          lastUsed: row.moment(5), ends: row.moment(6), digest: Array(row.blob(7))))
      return true
    }
    return keys
  }

  private func sessions() throws -> [Session] {
    var sessions: [Session] = []
    try database.cachedStatement(
      sql: "SELECT digest, key_id, created, last_used, is_remembered FROM access_session"
    ).forEachRow { row in
      sessions.append(
        Session(
          digest: Array(row.blob(0)), keyID: Text(try row.text(1)), created: row.moment(2) ?? .earliest,
          lastUsed: row.moment(3) ?? .earliest, isRemembered: row.integer(4) != 0))
      return true
    }
    return sessions
  }

  func insert(_ key: AccessKey) throws {
    let roles = KeyRole.allCases.filter(key.roles.contains).map(\.rawValue).joined(separator: " ")
    try database.cachedStatement(
      sql: """
        INSERT INTO access_key (id, name, roles, source, created, last_used, ends, digest)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).run([
      key.id.string, key.name.string, roles, key.source?.string, key.created.milliseconds,
      key.lastUsed?.milliseconds, key.ends?.milliseconds, key.digest,
    ])
  }

  /// Removes a key and its sessions.
  func remove(_ key: AccessKey) throws {
    try removeSessions(of: key)
    try database.cachedStatement(sql: "DELETE FROM access_key WHERE id = ?").run([key.id.string])
  }

  /// Notes when a key was used last.
  ///
  /// - Returns: whether it was the first time.
  func noteUse(of id: Text, at moment: Timestamp) throws -> Bool {
    let statement = try database.cachedStatement(
      sql: "UPDATE access_key SET last_used = ? WHERE id = ? AND last_used IS NULL")
    try statement.run([moment.milliseconds, id.string])
    if database.changesCount > 0 { return true }
    try database.cachedStatement(sql: "UPDATE access_key SET last_used = max(last_used, ?) WHERE id = ?")
      .run([moment.milliseconds, id.string])
    return false
  }

  func noteUse(ofSession digest: [UInt8], at moment: Timestamp) throws {
    try database.cachedStatement(
      sql: "UPDATE access_session SET last_used = max(last_used, ?) WHERE digest = ?"
    ).run([moment.milliseconds, digest])
  }

  /// Returns whether a session was begun with a key after some moment, in milliseconds.
  func hasSession(of key: AccessKey, since moment: Int64) throws -> Bool {
    try database.cachedStatement(sql: "SELECT 1 FROM access_session WHERE key_id = ? AND created > ?")
      .firstInteger([key.id.string, moment]) != nil
  }

  /// Adds a session, and removes those that have ended, and the oldest of too many of the same key.
  func insert(_ session: Session) throws {
    for old in try sessions() where old.isEnded(at: session.created) { try removeSession(old.digest) }
    try database.cachedStatement(
      sql: """
        DELETE FROM access_session WHERE digest IN (
          SELECT digest FROM access_session WHERE key_id = ? ORDER BY last_used DESC LIMIT -1 OFFSET ?)
        """
    ).run([session.keyID.string, Int64(Session.maximumCount - 1)])
    try database.cachedStatement(
      sql: """
        INSERT INTO access_session (digest, key_id, created, last_used, is_remembered) VALUES (?, ?, ?, ?, ?)
        """
    ).run([
      session.digest, session.keyID.string, session.created.milliseconds, session.lastUsed.milliseconds,
      session.isRemembered ? Int64(1) : Int64(0),
    ])
  }

  func removeSession(_ digest: [UInt8]) throws {
    try database.cachedStatement(sql: "DELETE FROM access_session WHERE digest = ?").run([digest])
  }

  func removeSessions(of key: AccessKey) throws {
    try database.cachedStatement(sql: "DELETE FROM access_session WHERE key_id = ?").run([key.id.string])
  }
}

extension ResultRow {
  fileprivate func moment(_ column: Int32) -> Timestamp? {
    optionalInteger(column).map(Timestamp.init(milliseconds:))
  }
}
