import EventLog
import GRDB
import JSON

/// An event as a row of the table `event`.
enum EventRow {
  /// Behind the id, in the order in which `event(from:)` reads them.
  static let columns = ["timestamp", "type", "source", "message", "user_id", "request_id", "tags", "data"]

  static func event(from row: ResultRow) throws -> Event {
    guard let id = EventID(row.integer(0)), let type = EventType(rawValue: row.text(2)) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an event with an unknown id or type")
    }
    return Event(
      id: id, timestamp: Timestamp(milliseconds: row.integer(1)),
      draft: EventDraft(
        storedType: type, source: row.text(3), message: row.text(4), userID: row.optionalText(5),
        requestID: row.optionalText(6), tags: try tags(of: row.optionalText(7)),
        data: row.optionalText(8).map(EventData.init(stored:))))
  }

  /// A JSON array, so that SQLite's own functions can look into it; nil for no tags.
  static func text(ofTags tags: [String]) -> String? {
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
