import EventLog
import GRDB

/// Inserts events in one transaction, along with everything that the log derives from them: the rows of their tags,
/// their ordinals, and the ids at which the clock was set back.
struct EventInserter {
  private static let insertion = """
    INSERT INTO event (id, timestamp, type, source, message, user_id, request_id, tags, data, ordinal)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  private let database: Database
  /// The newest event's timestamp; nil when the log is empty.
  private var newest: Timestamp?
  /// The newest event's ordinal for each type that has been needed so far.
  private var ordinals: [EventType: Int64] = [:]

  /// - Parameter database: a connection in a transaction that holds the write lock.
  /// - Throws: any error from SQLite.
  init(_ database: Database) throws {
    self.database = database
    newest = try database.cachedStatement(sql: "SELECT timestamp FROM event ORDER BY id DESC LIMIT 1")
      .firstInteger().map(Timestamp.init(milliseconds:))
  }

  /// Inserts a new event; SQLite assigns the id.
  mutating func insert(_ draft: EventDraft, timestamp: Timestamp) throws -> Event {
    try insert(id: nil, timestamp: timestamp, draft)
    guard let id = EventID(database.lastInsertedRowID) else { throw EventStoreError.noIDLeft }
    return Event(id: id, timestamp: timestamp, draft: draft)
  }

  /// Inserts an event that already has an id.
  mutating func insert(_ event: Event) throws {
    try insert(id: event.id.number, timestamp: event.timestamp, event.draft)
  }

  private mutating func insert(id: Int64?, timestamp: Timestamp, _ draft: EventDraft) throws {
    let ordinal = try lastOrdinal(of: draft.type) + 1
    try database.cachedStatement(sql: Self.insertion).run([
      id, timestamp.milliseconds, draft.type.rawValue, draft.source, draft.message, draft.userID,
      draft.requestID, draft.tags.isEmpty ? nil : String(decoding: draft.tagsJSON, as: UTF8.self),
      draft.data?.json, ordinal,
    ])
    ordinals[draft.type] = ordinal
    let id = database.lastInsertedRowID
    for tag in draft.tags {
      try database.cachedStatement(sql: "INSERT INTO event_tag (tag, event_id) VALUES (?, ?)")
        .run([tag, id])
    }
    if let newest, timestamp < newest {
      try database.execute(sql: "INSERT INTO clock_step (first_id) VALUES (?)", arguments: [id])
    }
    newest = timestamp
  }

  private func lastOrdinal(of type: EventType) throws -> Int64 {
    if let ordinal = ordinals[type] { return ordinal }
    return try Ordinals.last(of: type, upTo: .max, database)
  }
}
