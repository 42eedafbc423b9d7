import EventLog
import GRDB
import JSON

/// An event as a row of the table `event`.
enum EventRow {
  /// Behind the id, in the order in which `event(from:)` reads them.
  static let columns = ["timestamp", "type", "source", "message", "user_id", "request_id", "tags", "data"]

  static func event(from row: ResultRow) throws -> Event {
    let (id, type) = try identity(of: row)
    let json = try json(of: row)
    guard let tags = tags(json.tags) else {
      throw damage("the tags of an event are not a JSON array of strings")
    }
    return Event(
      id: id, timestamp: Timestamp(milliseconds: row.integer(1)),
      draft: EventDraft(
        storedType: type, source: try row.text(3), message: try row.text(4),
        userID: try row.optionalText(5), requestID: try row.optionalText(6), tags: tags,
        data: try row.optionalText(8).map(EventData.init(stored:))))
  }

  /// - Throws: when the log knows no such id or type.
  static func identity(of row: ResultRow) throws -> (id: EventID, type: EventType) {
    guard let id = EventID(row.integer(0)), let type = EventType(name: row.bytes(2).span) else {
      throw damage("an event has an id or a type that the log does not know")
    }
    return (id, type)
  }

  /// The columns whose texts are JSON; empty where they are NULL.
  ///
  /// To read them whole would double the time of an export; `IntegrityCheck` does.
  ///
  /// - Throws: when they do not even have the brackets of an array and of an object.
  static func json(
    of row: ResultRow
  ) throws -> (tags: UnsafeBufferPointer<UInt8>, data: UnsafeBufferPointer<UInt8>) {
    let (tags, data) = (row.bytes(7), row.bytes(8))
    guard tags.isEmpty || (tags.first == UInt8(ascii: "[") && tags.last == UInt8(ascii: "]")),
      data.isEmpty || (data.first == UInt8(ascii: "{") && data.last == UInt8(ascii: "}"))
    else { throw damage("the tags of an event are not a JSON array, or its data is not a JSON object") }
    return (tags, data)
  }

  /// - Returns: nil when the text is not a JSON array of strings.
  private static func tags(_ json: UnsafeBufferPointer<UInt8>) -> [String]? {
    if json.isEmpty { return [] }
    guard case .array(let elements) = try? JSONValue(parsing: json) else { return nil }
    let tags = elements.compactMap { if case .string(let tag) = $0 { tag } else { nil } }
    return tags.count == elements.count ? tags : nil
  }

  private static func damage(_ message: String) -> DatabaseError {
    DatabaseError(resultCode: .SQLITE_CORRUPT, message: message)
  }

  /// A JSON array, so that SQLite's own functions can look into it; nil for no tags.
  static func text(ofTags tags: [String]) -> String? {
    if tags.isEmpty { return nil }
    var text: [UInt8] = []
    text.appendJSON(.array(tags.map(JSONValue.string)))
    return String(decoding: text, as: UTF8.self)
  }
}
