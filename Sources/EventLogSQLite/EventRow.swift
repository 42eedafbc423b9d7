import EventLog
import GRDB
import JSON

/// The columns of the table `event`, in both directions.
enum EventRow {
  /// In the order in which `event(from:)` reads them.
  static let columns = "id, timestamp, type, source, message, user_id, request_id, tags, data"

  private static let insertion = """
    INSERT INTO event (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  /// Inserts a new event; SQLite gives the id.
  static func insert(
    _ draft: EventDraft, timestamp: Timestamp, _ database: Database
  ) throws -> Event {
    try insert(id: nil, timestamp: timestamp, draft, database)
    guard let id = EventID(database.lastInsertedRowID) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an id that is not positive")
    }
    return Event(id: id, timestamp: timestamp, draft: draft)
  }

  /// Inserts an event that has its id.
  static func insert(_ event: Event, _ database: Database) throws {
    try insert(id: event.id.number, timestamp: event.timestamp, event.draft, database)
  }

  private static func insert(
    id: Int64?, timestamp: Timestamp, _ draft: EventDraft, _ database: Database
  ) throws {
    try database.cachedStatement(sql: insertion).execute(
      arguments: [
        id, timestamp.milliseconds, draft.type.rawValue, draft.source, draft.message, draft.userID,
        draft.requestID, text(ofTags: draft.tags), draft.data?.json,
      ])
  }

  static func fetchAll(_ statement: Statement, arguments: StatementArguments) throws -> [Event] {
    var events: [Event] = []
    let rows = try Row.fetchCursor(statement, arguments: arguments)
    while let row = try rows.next() { events.append(try event(from: row)) }
    return events
  }

  private static func event(from row: Row) throws -> Event {
    guard let id = EventID(row[0] as Int64), let type = EventType(rawValue: row[2]) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an event with an unknown id or type")
    }
    return Event(
      id: id, timestamp: Timestamp(milliseconds: row[1]),
      draft: EventDraft(
        storedType: type, source: row[3], message: row[4], userID: row[5], requestID: row[6],
        tags: try tags(of: row[7]), data: (row[8] as String?).map(EventData.init(stored:))))
  }

  /// A JSON array, so that SQLite's own functions can look into it; nil for no tags.
  private static func text(ofTags tags: [String]) -> String? {
    if tags.isEmpty { return nil }
    var text: [UInt8] = []
    text.appendJSON(.array(tags.map(JSONValue.string)))
    return String(decoding: text, as: UTF8.self)
  }

  private static func tags(of text: String?) throws -> [String] {
    guard let text else { return [] }
    guard case .array(let elements) = try JSONValue(parsing: text.utf8) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "tags that are not an array")
    }
    return elements.compactMap { if case .string(let tag) = $0 { tag } else { nil } }
  }
}
