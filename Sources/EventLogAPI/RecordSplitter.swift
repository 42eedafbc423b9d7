import JSON

/// Cuts a text into its records: the elements of a JSON array, the lines of NDJSON, the rows of CSV.
///
/// It only looks for the borders; whether a record is well formed is told when it is read.
struct RecordSplitter {
  struct Record {
    enum Content {
      case json([UInt8])
      case cells([[UInt8]])
      /// The text ended, or the record is longer than any event; says so as a sentence.
      case incomplete(String)
    }

    /// On which it starts, counted from 1.
    let line: Int
    let content: Content
  }

  /// More than an event can have in any representation, in bytes.
  private static let maximumSize = 4 << 20

  private let representation: EventRepresentation
  private var line: Int
  /// The line on which the record starts.
  private var startLine: Int
  private var record: [UInt8] = []
  /// Of a CSV row, those before the one in `record`.
  private var cells: [[UInt8]] = []
  /// Brackets and braces that are open, those of the array included.
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  /// Whether the array was closed.
  private var isClosed = false
  /// Whether a quote has just ended a quoted CSV cell, unless another one follows.
  private var isAfterQuote = false

  /// - Parameters:
  ///   - representation: the text's.
  ///   - line: on which it starts, counted from 1.
  init(_ representation: EventRepresentation, line: Int = 1) {
    self.representation = representation
    self.line = line
    startLine = line
  }

  /// - Parameter bytes: the next of the text.
  /// - Returns: the records that end in them.
  mutating func split(_ bytes: [UInt8]) -> ArraySlice<Record> {
    var records: [Record] = []
    for byte in bytes {
      switch representation {
      case .json: splitArray(byte, &records)
      case .ndjson: splitLine(byte, &records)
      case .csv: splitRow(byte, &records)
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
      if record.count > Self.maximumSize {
        records.append(Record(line: startLine, content: .incomplete("it is longer than any event")))
        record = []
      }
    }
    return records[...]
  }

  /// - Returns: what is left when the text has ended.
  mutating func finish() -> ArraySlice<Record> {
    var records: [Record] = []
    switch representation {
    case .json:
      if isClosed, !record.isEmpty {
        records.append(Record(line: startLine, content: .incomplete("there is text after the array")))
      } else if !isClosed {
        records.append(Record(line: line, content: .incomplete("the array does not end; the file was cut")))
      }
    case .ndjson: endJSON(&records)
    case .csv:
      if isInString {
        records.append(
          Record(line: startLine, content: .incomplete("a quote does not end; the file was cut")))
      } else {
        endRow(&records)
      }
    }
    return records[...]
  }

  private mutating func splitLine(_ byte: UInt8, _ records: inout [Record]) {
    if byte == UInt8(ascii: "\n") { endJSON(&records) } else { append(byte) }
  }

  private mutating func splitArray(_ byte: UInt8, _ records: inout [Record]) {
    if isInString {
      record.append(byte)
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
      }
      return
    }
    switch byte {
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      depth += 1
      // The array's own bracket is no part of a record; a second array is, and is no JSON object.
      if depth > 1 || isClosed { append(byte) }
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      depth -= 1
      if depth == 0, !isClosed {
        endJSON(&records)
        isClosed = true
      } else {
        append(byte)
      }
    case UInt8(ascii: ",") where depth == 1: endJSON(&records)
    default:
      isInString = byte == UInt8(ascii: "\"")
      append(byte)
    }
  }

  /// Adds to a record, which starts with something else than white space.
  private mutating func append(_ byte: UInt8) {
    if record.isEmpty {
      if " \t\r\n".utf8.contains(byte) { return }
      startLine = line
    }
    record.append(byte)
  }

  private mutating func endJSON(_ records: inout [Record]) {
    if !record.isEmpty { records.append(Record(line: startLine, content: .json(record))) }
    record = []
  }

  /// RFC 4180 section 2; a line may also end in LF alone.
  private mutating func splitRow(_ byte: UInt8, _ records: inout [Record]) {
    if isInString {
      if byte == UInt8(ascii: "\"") {
        isInString = false
        isAfterQuote = true
      } else {
        record.append(byte)
      }
      return
    }
    switch byte {
    case UInt8(ascii: "\"") where isAfterQuote:
      record.append(byte)
      isInString = true
    case UInt8(ascii: "\"") where record.isEmpty: isInString = true
    case UInt8(ascii: ","):
      cells.append(record)
      record = []
    case UInt8(ascii: "\n"): endRow(&records)
    case UInt8(ascii: "\r"): break
    default: record.append(byte)
    }
    isAfterQuote = false
  }

  private mutating func endRow(_ records: inout [Record]) {
    if !cells.isEmpty || !record.isEmpty {
      records.append(Record(line: startLine, content: .cells(cells + [record])))
    }
    cells = []
    record = []
    startLine = line + 1
  }
}
