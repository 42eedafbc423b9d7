import EventLog
import JSON

/// Events as rows of CSV (RFC 4180).
///
/// A spreadsheet takes a cell that starts with `=`, `+`, `-`, `@`, a tab or a carriage return for a formula, and runs it
/// (OWASP, CSV injection). Such a cell gets an apostrophe before it, and so does one that already has apostrophes
/// before such a character: taking one away again gives back what was there.
enum EventCSV {
  /// In the order of the columns.
  static let columns = [
    "id", "timestamp", "type", "source", "message", "user_id", "request_id", "tags", "data",
  ]

  static let apostrophe = UInt8(ascii: "'")

  /// Whether a spreadsheet would run the cell, but for apostrophes before it.
  static func isRisky(_ cell: some Collection<UInt8>) -> Bool {
    cell.first { $0 != apostrophe }.map("=+-@\t\r".utf8.contains) ?? false
  }
}

extension EventCSV {
  /// - Parameter header: the cells of a file's first row.
  /// - Returns: the names of its columns.
  /// - Throws: `InvalidEntry` that names the column the log does not know, or that is there twice.
  static func columns(ofHeader header: [String]) throws(InvalidEntry) -> [String] {
    var names = header
    // Spreadsheets put a byte order mark before the first name.
    if let first = names.first, first.unicodeScalars.first == "\u{FEFF}" {
      names[0] = String(first.unicodeScalars.dropFirst())
    }
    for name in names where !columns.contains(name) {
      throw InvalidEntry(
        "the header names a column '\(name.prefix(40))'; there are \(columns.joined(separator: ", "))")
    }
    guard Set(names).count == names.count else { throw InvalidEntry("the header names a column twice") }
    return names
  }

  /// A row as the JSON object that stands for the same event. An empty cell is a member that was not given.
  static func json(_ cells: [String], _ columns: [String]) throws(InvalidEntry) -> JSONValue {
    guard cells.count == columns.count else {
      throw InvalidEntry("it has \(cells.count) cells, and the header has \(columns.count)")
    }
    var members: [JSONMember] = []
    for (column, cell) in zip(columns, cells) where !cell.isEmpty {
      let text =
        isRisky(cell.utf8) && cell.utf8.first == apostrophe ? String(cell.unicodeScalars.dropFirst()) : cell
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

extension [UInt8] {
  mutating func appendCSVHeader() {
    append(contentsOf: EventCSV.columns.joined(separator: ",").utf8)
    append(contentsOf: "\r\n".utf8)
  }

  mutating func appendCSV(_ event: Event) {
    let draft = event.draft
    event.id.append(to: &self)
    append(UInt8(ascii: ","))
    event.timestamp.append(to: &self)
    append(UInt8(ascii: ","))
    append(contentsOf: draft.type.rawValue.utf8)
    appendCSVCell(draft.source)
    appendCSVCell(draft.message)
    appendCSVCell(draft.userID ?? "")
    appendCSVCell(draft.requestID ?? "")
    if draft.tags.isEmpty {
      append(UInt8(ascii: ","))
    } else {
      var tags: [UInt8] = []
      tags.appendJSON(.array(draft.tags.map(JSONValue.string)))
      appendCSVCell(String(decoding: tags, as: UTF8.self))
    }
    appendCSVCell(draft.data?.json ?? "")
    append(contentsOf: "\r\n".utf8)
  }

  /// A comma and a cell, with quotes where it needs them.
  private mutating func appendCSVCell(_ text: String) {
    append(UInt8(ascii: ","))
    let isRisky = EventCSV.isRisky(text.utf8)
    guard text.utf8.contains(where: ",\"\r\n".utf8.contains) else {
      if isRisky { append(EventCSV.apostrophe) }
      append(contentsOf: text.utf8)
      return
    }
    append(UInt8(ascii: "\""))
    if isRisky { append(EventCSV.apostrophe) }
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { append(byte) }
      append(byte)
    }
    append(UInt8(ascii: "\""))
  }
}
