import EventLog
import JSON
import Text

/// Reads rows of CSV, after a header row that names the columns.
struct CSVReader: EventReader {
  var splitter: CSVRowSplitter
  private(set) var hasFailed = false
  /// The members that the columns hold; nil until the header has been read.
  private var columns: [EventMember]?

  init(line: Int) {
    splitter = CSVRowSplitter(line: line)
  }

  mutating func event(_ row: [[UInt8]]) throws(InvalidEntry) -> ImportedEvent? {
    // Without a valid header, the other rows cannot be read either.
    defer { hasFailed = columns == nil }
    let cells = try row.map { bytes throws(InvalidEntry) in
      guard let cell = String(validating: bytes, as: UTF8.self) else { throw InvalidEntry.notUTF8 }
      return cell
    }
    guard let columns else {
      columns = try Self.columns(ofHeader: cells)
      return nil
    }
    return try ImportedEvent(Self.json(cells, columns))
  }

  /// - Parameter header: the cells of a file's first row.
  /// - Returns: the members that the file's columns hold.
  /// - Throws: `InvalidEntry` when a column is unknown, which it names, or appears twice.
  private static func columns(ofHeader header: [String]) throws(InvalidEntry) -> [EventMember] {
    var names = header
    // Spreadsheets put a byte order mark in front of the first name.
    if let first = names.first, first.unicodeScalars.first == "\u{FEFF}" {
      names[0] = String(first.unicodeScalars.dropFirst())
    }
    let columns = try names.map { name throws(InvalidEntry) in
      guard let member = EventMember(named: Text(name)) else {
        let known = EventMember.allCases.map(\.rawValue).joined(separator: ", ")
        throw InvalidEntry(
          "the header names an unknown column '\(Text(name).abridged)'; the known columns are \(known)")
      }
      return member
    }
    guard Set(columns).count == columns.count else { throw InvalidEntry("the header names a column twice") }
    return columns
  }

  /// Converts a row to the JSON object of the same event. An empty cell is a member that was not given.
  private static func json(
    _ cells: [String], _ columns: [EventMember]
  ) throws(InvalidEntry) -> JSONValue {
    guard cells.count == columns.count else {
      throw InvalidEntry("it has \(cells.count) cells, but the header has \(columns.count)")
    }
    var members: [JSONMember] = []
    for (column, cell) in zip(columns, cells) where !cell.isEmpty {
      let isMarked = cell.utf8.first == EventCSV.apostrophe && EventCSV.isRisky(cell.utf8)
      let text = isMarked ? String(cell.unicodeScalars.dropFirst()) : cell
      switch column {
      case .tags, .data:
        do {
          members.append(JSONMember(name: Text(column.rawValue), value: try JSONValue(parsing: text.utf8)))
        } catch {
          throw InvalidEntry("\(column.rawValue) is not JSON: \(error.reason)")
        }
      case .id, .timestamp, .type, .source, .message, .userID, .requestID:
        members.append(JSONMember(name: Text(column.rawValue), value: .string(text)))
      }
    }
    return .object(members)
  }
}
