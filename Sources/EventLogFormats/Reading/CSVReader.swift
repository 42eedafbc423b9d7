import EventLog
import JSON
import Text

/// Reads rows of CSV, after a header row that names the columns. Rows without any content are skipped; spreadsheets
/// leave them at the end.
struct CSVReader: EventReader {
  var splitter: CSVRowSplitter
  var hasFailed = false
  /// The members that the columns hold; nil until the header has been read.
  private var columns: [EventMember]?

  private let dropped: Set<EventMember>
  private let defaults: EventDefaults

  init(line: Int, dropping dropped: Set<EventMember>, defaults: EventDefaults) {
    self.dropped = dropped
    self.defaults = defaults
    splitter = CSVRowSplitter(line: line)
  }

  /// Without a valid header, the other rows cannot be read either.
  var needsRecord: Bool { columns == nil }

  mutating func event(_ row: [[UInt8]]) throws(InvalidEntry) -> ImportedEvent? {
    guard let columns else {
      columns = try Self.columns(ofHeader: row)
      return nil
    }
    if row.allSatisfy(\.isEmpty) { return nil }
    return try ImportedEvent(Self.json(row, columns), dropping: dropped, defaults: defaults)
  }

  /// Reads a header. Capitals make no difference.
  ///
  /// - Parameter header: the cells of a file's first row.
  /// - Returns: the members that the file's columns hold.
  /// - Throws: `InvalidEntry` when a column is unknown, which it names, or appears twice.
  private static func columns(ofHeader header: [[UInt8]]) throws(InvalidEntry) -> [EventMember] {
    let columns = try header.map { bytes throws(InvalidEntry) in
      guard let name = Text(utf8: bytes.span) else { throw .notUTF8 }
      guard let member = EventMember(named: name.trimmed.lowercasedASCII) else {
        let known = EventMember.allCases.map(\.rawValue).joined(separator: ", ")
        throw InvalidEntry(
          "the header names an unknown column '\(name.abridged)'; the known columns are \(known)")
      }
      return member
    }
    guard Set(columns).count == columns.count else { throw InvalidEntry("the header names a column twice") }
    return columns
  }

  /// Converts a row to the JSON object of the same event. An empty cell is a member that was not given.
  private static func json(
    _ cells: [[UInt8]], _ columns: [EventMember]
  ) throws(InvalidEntry) -> JSONValue {
    guard cells.count == columns.count else {
      throw InvalidEntry("it has \(cells.count) cells, but the header has \(columns.count)")
    }
    var members: [JSONMember] = []
    for (column, cell) in zip(columns, cells) where !cell.isEmpty {
      guard let text = String(validating: withoutMarks(cell), as: UTF8.self) else { throw .notUTF8 }
      members.append(JSONMember(name: Text(column.rawValue), value: try value(text, of: column)))
    }
    return .object(members)
  }

  /// Removes the apostrophes that mark what a spreadsheet would run.
  private static func withoutMarks(_ cell: [UInt8]) -> [UInt8] {
    let marks = EventCSV.riskyPlaces(in: cell.span).filter { cell[$0] == EventCSV.apostrophe }
    if marks.isEmpty { return cell }
    var text: [UInt8] = []
    var start = 0
    for mark in marks {
      text += cell[start..<mark]
      start = mark + 1
    }
    return text + cell[start...]
  }

  private static func value(_ text: String, of column: EventMember) throws(InvalidEntry) -> JSONValue {
    switch column {
    case .tags where text.utf8.first(where: { !$0.isJSONWhitespace }) != UInt8(ascii: "["): return tags(text)
    case .tags, .data:
      do { return try JSONValue(parsing: text.utf8) } catch {
        throw InvalidEntry("\(column.rawValue) is not JSON: \(error.reason)")
      }
    case .id, .timestamp, .type, .source, .message, .userID, .requestID, .occurredAt, .recordedBy:
      return .string(text)
    }
  }

  /// Reads tags that are separated by commas, as people write them.
  private static func tags(_ text: String) -> JSONValue {
    .array(Text(text).split(separator: ",").map(\.trimmed).filter { !$0.isEmpty }.map { .string($0.string) })
  }
}
