/// Splits a CSV text into rows, and rows into cells (RFC 4180 section 2). A row may also end in a line feed or a carriage
/// return alone. Cells are separated by commas, or by semicolons or tabs, whichever comes first in the first row.
struct CSVRowSplitter: RecordSplitter {
  private enum Place {
    case atCellStart
    /// After nothing but spaces in a cell.
    case inSpaces
    case inCell
    case inQuotes
    /// After a quote that ends a quoted cell, unless another quote follows.
    case afterQuote
    /// After something that makes the row invalid. The rest of the row is not read.
    case inInvalidRow
  }

  private var place = Place.atCellStart
  private var separator: UInt8?
  private var line: Int
  /// The line on which the row starts.
  private var startLine: Int
  /// The cells that precede `cell` in the row.
  private var cells: [[UInt8]] = []
  private var cell: [UInt8] = []
  /// The size of the row so far: its cells, and what keeping each of them takes.
  private var size = 0
  /// What is wrong with the row.
  private var error: InvalidEntry?
  /// Whether the previous byte was a carriage return that ended a row, which a line feed may follow.
  private var isAfterReturn = false

  /// What keeping a cell takes besides its bytes, in bytes.
  private static let cellSize = 48

  init(line: Int) {
    self.line = line
    startLine = line
  }

  mutating func split(_ bytes: [UInt8]) -> [FileEntry<[[UInt8]]>] {
    var rows: [FileEntry<[[UInt8]]>] = []
    for byte in bytes {
      if isAfterReturn {
        isAfterReturn = false
        if byte == UInt8(ascii: "\n") { continue }
      }
      if place == .inQuotes { readQuoted(byte) } else { read(byte, &rows) }
    }
    return rows
  }

  mutating func finish() -> [FileEntry<[[UInt8]]>] {
    var rows: [FileEntry<[[UInt8]]>] = []
    if place == .inQuotes {
      error = InvalidEntry("a quoted cell is not closed; the file may be truncated").endingReading
    }
    endRow(&rows)
    return rows
  }

  private mutating func readQuoted(_ byte: UInt8) {
    if byte == UInt8(ascii: "\n") { line += 1 }
    if byte == EventCSV.quote { place = .afterQuote } else { append(byte) }
  }

  private mutating func read(_ byte: UInt8, _ rows: inout [FileEntry<[[UInt8]]>]) {
    switch byte {
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      isAfterReturn = byte == UInt8(ascii: "\r")
      line += 1
      endRow(&rows)
    case _ where place == .inInvalidRow: break
    case _ where isSeparator(byte): endCell()
    case EventCSV.quote: readQuote()
    default:
      if place == .afterQuote { return refuse("there is text after the quote that ends a cell") }
      let isInSpaces = byte == UInt8(ascii: " ") && place != .inCell
      place = isInSpaces ? .inSpaces : .inCell
      append(byte)
    }
  }

  /// Reads a quote outside of quotes. One in the middle of a cell stands for itself.
  private mutating func readQuote() {
    switch place {
    case .afterQuote:
      append(EventCSV.quote)
      place = .inQuotes
    case .atCellStart: place = .inQuotes
    case .inSpaces: refuse("there is a space before a quoted cell")
    default: append(EventCSV.quote)
    }
  }

  /// Returns whether a byte outside of quotes separates cells. The first one that may do so in the first row decides.
  private mutating func isSeparator(_ byte: UInt8) -> Bool {
    if separator == nil, byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "\t")
    {
      separator = byte
    }
    return byte == separator
  }

  private mutating func append(_ byte: UInt8) {
    if error != nil { return }
    cell.append(byte)
    size += 1
    if size > BoundedBytes.maximumSize { drop(.tooLong) }
  }

  private mutating func endCell() {
    place = .atCellStart
    if error != nil { return }
    cells.append(cell)
    cell = []
    size += Self.cellSize
    if size > BoundedBytes.maximumSize { drop(.tooLong) }
  }

  /// Notes that the row is not valid, and ignores the rest of it.
  private mutating func refuse(_ reason: String) {
    place = .inInvalidRow
    drop(InvalidEntry(reason))
  }

  private mutating func drop(_ error: InvalidEntry) {
    self.error = self.error ?? error
    cells = []
    cell = []
  }

  /// Ends the row. Blank lines are not rows.
  private mutating func endRow(_ rows: inout [FileEntry<[[UInt8]]>]) {
    if let error {
      rows.append(FileEntry(line: startLine, content: .failure(error)))
    } else if !cells.isEmpty || !cell.isEmpty {
      rows.append(FileEntry(line: startLine, content: .success(cells + [cell])))
    }
    if separator == nil, !cell.isEmpty { separator = UInt8(ascii: ",") }
    cells = []
    cell = []
    size = 0
    error = nil
    place = .atCellStart
    startLine = line
  }
}
