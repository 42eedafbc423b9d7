import EventLog
import EventLogAccess
import GRDB

/// The transactions that change keys and sessions.
struct AccessWriter: Sendable {
  let writer: LogWriter
  let sealer: Sealer
  let cache: AccessCache
  let now: @Sendable () -> Timestamp

  /// Makes changes, which receive what records an event, and the time.
  typealias Changes<Value> =
    @Sendable (AccessTables, (AccessEvent) throws -> Void, Timestamp) throws -> Value

  /// Changes keys or sessions, and records what was done, in one transaction.
  ///
  /// - Parameter body: makes the changes.
  /// - Returns: what `body` returned, when it is on disk.
  /// - Throws: `EventStoreError`; nothing is changed then.
  func change<Value: Sendable>(
    _ body: @escaping Changes<Value>
  ) async throws(EventStoreError) -> Value {
    // During a migration, the connection that writes is not free.
    try writer.gate.checkBeforeTransaction()
    do {
      return try await writer.run { database in try change(database, body) }
    } catch {
      throw EventStoreError(error)
    }
  }

  /// Makes changes on the connection that writes. The contract is that of `change(_:)`.
  func change<Value>(_ database: Database, _ body: Changes<Value>) throws -> Value {
    var lastID: EventID?
    let value = try writer.transaction(database) {
      let (tables, now) = (AccessTables(database), now())
      let inserter = try EventInserter(database)
      return try body(tables, { lastID = try inserter.insert($0.draft, timestamp: now).id }, now)
    }
    cache.forget()
    if let lastID { sealer.startIfDue(lastID: lastID.number, textSize: 0) }
    writer.writeAheadLog.keepSmall(database)
    return value
  }
}

extension AccessWriter {
  /// Writes uses.
  static func write(_ uses: AccessUses.Uses) -> Changes<Void> {
    { tables, record, _ in
      if uses.isEmpty { return }
      for (id, moment) in uses.keys where try tables.noteUse(of: id, at: moment) {
        if let key = try tables.keys().first(where: { $0.id == id }) { try record(.firstUsed(key)) }
      }
      for (digest, moment) in uses.sessions { try tables.noteUse(ofSession: digest, at: moment) }
      try tables.noteChange()
    }
  }

  /// Records wrong keys, or counts them until there may be another event.
  static func write(wrongKeys count: Int, from address: String?) -> Changes<Void> {
    { tables, record, now in
      if let count = try tables.noteWrongKeys(count, at: now) {
        try record(.wrongKeys(count: count, from: address))
      }
    }
  }
}
