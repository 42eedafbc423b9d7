/// Splits a CSV text into rows, and rows into cells (RFC 4180 section 2). A row may also end in a line feed alone.
struct CSVRowSplitter: RecordSplitter {
  private var line: Int
  /// The line on which the row starts.
  private var startLine: Int
  /// The cells that precede `cell` in the row.
  private var cells: [[UInt8]] = []
  private var cell: [UInt8] = []
  private var isQuoted = false
  /// Whether the previous byte was a quote that ends a quoted cell, unless another quote follows.
  private var isAfterQuote = false

  init(line: Int) {
    self.line = line
    startLine = line
  }

  mutating func split(_ bytes: [UInt8]) -> [FileEntry<[[UInt8]]>] {
    var rows: [FileEntry<[[UInt8]]>] = []
    for byte in bytes {
      if isQuoted { readQuoted(byte) } else { read(byte, &rows) }
      if byte == UInt8(ascii: "\n") { line += 1 }
      if cell.count > Self.maximumSize {
        rows.append(FileEntry(line: startLine, content: .failure(.tooLong)))
        cell = []
      }
    }
    return rows
  }

  mutating func finish() -> [FileEntry<[[UInt8]]>] {
    var rows: [FileEntry<[[UInt8]]>] = []
    if isQuoted {
      let error = InvalidEntry("a quoted cell is not closed; the file may be truncated")
      rows.append(FileEntry(line: startLine, content: .failure(error)))
    } else {
      endRow(&rows)
    }
    return rows
  }

  private mutating func readQuoted(_ byte: UInt8) {
    if byte == UInt8(ascii: "\"") {
      isQuoted = false
      isAfterQuote = true
    } else {
      cell.append(byte)
    }
  }

  private mutating func read(_ byte: UInt8, _ rows: inout [FileEntry<[[UInt8]]>]) {
    switch byte {
    case UInt8(ascii: "\"") where isAfterQuote:
      cell.append(byte)
      isQuoted = true
    case UInt8(ascii: "\"") where cell.isEmpty: isQuoted = true
    case UInt8(ascii: ","):
      cells.append(cell)
      cell = []
    case UInt8(ascii: "\n"): endRow(&rows)
    case UInt8(ascii: "\r"): break
    default: cell.append(byte)
    }
    isAfterQuote = false
  }

  private mutating func endRow(_ rows: inout [FileEntry<[[UInt8]]>]) {
    if !cells.isEmpty || !cell.isEmpty {
      rows.append(FileEntry(line: startLine, content: .success(cells + [cell])))
    }
    cells = []
    cell = []
    startLine = line + 1
  }
}
