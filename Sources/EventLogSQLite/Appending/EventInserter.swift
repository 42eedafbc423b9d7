import EventLog
import GRDB

/// Inserts events in one transaction.
struct EventInserter {
  let database: Database
  private let insertion: Statement

  /// - Parameter database: a connection in a transaction that holds the write lock.
  /// - Throws: any error from SQLite.
  init(_ database: Database) throws {
    self.database = database
    insertion = try database.cachedStatement(
      sql: """
        INSERT INTO event (id, timestamp, type, source, message, user_id, request_id, tags, data,
          occurred_at, recorded_by)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
  }

  /// Inserts a new event; SQLite assigns the id.
  func insert(_ draft: EventDraft, timestamp: Timestamp) throws -> Event {
    try insert(id: nil, timestamp: timestamp, draft)
    guard let id = EventID(database.lastInsertedRowID) else { throw EventStoreError.noIDLeft }
    return Event(id: id, timestamp: timestamp, draft: draft)
  }

  /// Inserts an event that already has an id.
  func insert(_ event: Event) throws {
    try insert(id: event.id.number, timestamp: event.timestamp, event.draft)
  }

  private func insert(id: Int64?, timestamp: Timestamp, _ draft: EventDraft) throws {
    try insertion.run([
      id, timestamp.milliseconds, draft.type.rawValue, draft.source, draft.message, draft.userID,
      draft.requestID, draft.tags.isEmpty ? nil : String(decoding: draft.tagsJSON, as: UTF8.self),
      draft.data?.json, draft.occurredAt?.milliseconds, draft.recordedBy,
    ])
  }
}
