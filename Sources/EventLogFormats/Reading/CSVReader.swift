import JSON

/// Reads rows of CSV, after a header row that names the columns.
struct CSVReader: EventReader {
  var splitter: CSVRowSplitter
  private(set) var hasFailed = false
  /// The names of the columns; nil until the header has been read.
  private var columns: [String]?

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
  /// - Returns: the names of the file's columns.
  /// - Throws: `InvalidEntry` when a column is unknown, which it names, or appears twice.
  private static func columns(ofHeader header: [String]) throws(InvalidEntry) -> [String] {
    var names = header
    // Spreadsheets put a byte order mark in front of the first name.
    if let first = names.first, first.unicodeScalars.first == "\u{FEFF}" {
      names[0] = String(first.unicodeScalars.dropFirst())
    }
    for name in names where !EventCSV.columns.contains(name) {
      let known = EventCSV.columns.joined(separator: ", ")
      throw InvalidEntry(
        "the header names an unknown column '\(name.prefix(40))'; the known columns are \(known)")
    }
    guard Set(names).count == names.count else { throw InvalidEntry("the header names a column twice") }
    return names
  }

  /// Converts a row to the JSON object of the same event. An empty cell is a member that was not given.
  private static func json(_ cells: [String], _ columns: [String]) throws(InvalidEntry) -> JSONValue {
    guard cells.count == columns.count else {
      throw InvalidEntry("it has \(cells.count) cells, but the header has \(columns.count)")
    }
    var members: [JSONMember] = []
    for (column, cell) in zip(columns, cells) where !cell.isEmpty {
      let isMarked = cell.utf8.first == EventCSV.apostrophe && EventCSV.isRisky(cell.utf8)
      let text = isMarked ? String(cell.unicodeScalars.dropFirst()) : cell
      switch column {
      case "tags", "data":
        do { members.append(JSONMember(name: column, value: try JSONValue(parsing: text.utf8))) } catch {
          throw InvalidEntry("\(column) is not JSON: \(error.reason)")
        }
      default: members.append(JSONMember(name: column, value: .string(text)))
      }
    }
    return .object(members)
  }
}
