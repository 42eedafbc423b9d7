/// Splits the text of a JSON array into its elements, each without the white space that precedes it.
struct JSONArraySplitter: RecordSplitter {
  private var line: Int
  /// The line on which the element starts.
  private var startLine: Int
  private var element: [UInt8] = []
  /// The number of open brackets and braces, including the array's own bracket.
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  /// Whether the array has been closed.
  private var isClosed = false

  init(line: Int) {
    self.line = line
    startLine = line
  }

  mutating func split(_ bytes: [UInt8]) -> [FileEntry<[UInt8]>] {
    var elements: [FileEntry<[UInt8]>] = []
    for byte in bytes {
      if isInString { readString(byte) } else { read(byte, &elements) }
      if byte == UInt8(ascii: "\n") { line += 1 }
      if element.count > Self.maximumSize {
        elements.append(FileEntry(line: startLine, content: .failure(.tooLong)))
        element = []
      }
    }
    return elements
  }

  mutating func finish() -> [FileEntry<[UInt8]>] {
    if !isClosed {
      return [
        FileEntry(
          line: line, content: .failure(InvalidEntry("the array is not closed; the file may be truncated")))
      ]
    }
    if element.isEmpty { return [] }
    return [
      FileEntry(line: startLine, content: .failure(InvalidEntry("there is text after the array")))
    ]
  }

  private mutating func readString(_ byte: UInt8) {
    element.append(byte)
    if isEscaped {
      isEscaped = false
    } else if byte == UInt8(ascii: "\\") {
      isEscaped = true
    } else if byte == UInt8(ascii: "\"") {
      isInString = false
    }
  }

  private mutating func read(_ byte: UInt8, _ elements: inout [FileEntry<[UInt8]>]) {
    switch byte {
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      depth += 1
      // The array's own bracket is not part of an element; a second array is, and it is not a JSON object.
      if depth > 1 || isClosed { append(byte) }
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      depth -= 1
      if depth == 0, !isClosed {
        endElement(&elements)
        isClosed = true
      } else {
        append(byte)
      }
    case UInt8(ascii: ",") where depth == 1: endElement(&elements)
    default:
      isInString = byte == UInt8(ascii: "\"")
      append(byte)
    }
  }

  private mutating func append(_ byte: UInt8) {
    if element.isEmpty {
      if byte.isJSONWhitespace { return }
      startLine = line
    }
    element.append(byte)
  }

  private mutating func endElement(_ elements: inout [FileEntry<[UInt8]>]) {
    if !element.isEmpty { elements.append(FileEntry(line: startLine, content: .success(element))) }
    element = []
  }
}
