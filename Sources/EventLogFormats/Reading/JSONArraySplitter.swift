/// Splits the text of a JSON array into its elements, each without the white space that precedes it.
struct JSONArraySplitter: RecordSplitter {
  private enum Place {
    case beforeArray
    /// After the array's opening bracket.
    case beforeFirst
    case afterComma
    case inElement
    case afterArray
    /// After text that does not belong to the array. The rest is not read.
    case beyond
  }

  private var place = Place.beforeArray
  private var line: Int
  /// The line on which the element starts.
  private var startLine: Int
  private var element = BoundedBytes()
  /// The number of open brackets and braces inside the element.
  private var depth = 0
  private var isInString = false
  private var isEscaped = false

  init(line: Int) {
    self.line = line
    startLine = line
  }

  mutating func split(_ bytes: [UInt8]) -> [FileEntry<[UInt8]>] {
    var elements: [FileEntry<[UInt8]>] = []
    // The first byte of the element that has not been kept yet.
    var start = 0
    for index in bytes.indices {
      let byte = bytes[index]
      if place == .inElement {
        if endsElement(byte) {
          element.append(bytes[start..<index])
          elements.append(FileEntry(line: startLine, content: element.take()))
          endElement(byte, &elements)
        }
      } else if !byte.isJSONWhitespace {
        read(byte, &elements)
        if place == .inElement { start = index }
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
    }
    if place == .inElement { element.append(bytes[start...]) }
    return elements
  }

  mutating func finish() -> [FileEntry<[UInt8]>] {
    switch place {
    case .afterArray, .beyond: []
    case .beforeArray, .beforeFirst, .afterComma, .inElement:
      [failure(InvalidEntry("the array is not closed; the file may be truncated").endingReading)]
    }
  }

  /// Reads a byte between elements that is not white space.
  private mutating func read(_ byte: UInt8, _ elements: inout [FileEntry<[UInt8]>]) {
    switch (place, byte) {
    case (.beforeArray, _): place = .beforeFirst
    case (.afterArray, _):
      elements.append(failure(InvalidEntry("there is text after the array").endingReading))
      place = .beyond
    case (.beyond, _): break
    case (_, UInt8(ascii: ",")):
      elements.append(failure(InvalidEntry("a value is missing before a comma")))
      place = .afterComma
    case (.afterComma, UInt8(ascii: "]")):
      elements.append(failure(InvalidEntry("a value is missing after the last comma")))
      place = .afterArray
    case (_, UInt8(ascii: "]")), (_, UInt8(ascii: "}")): endElement(byte, &elements)
    default:
      startLine = line
      place = .inElement
      _ = endsElement(byte)
    }
  }

  /// Reads a byte of an element.
  ///
  /// - Returns: whether the byte follows the element.
  private mutating func endsElement(_ byte: UInt8) -> Bool {
    if isInString {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
      }
      return false
    }
    switch byte {
    case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      if depth == 0 { return true }
      depth -= 1
    case UInt8(ascii: ","): return depth == 0
    case UInt8(ascii: "\""): isInString = true
    default: break
    }
    return false
  }

  /// Reads the byte after an element or after the opening bracket.
  private mutating func endElement(_ byte: UInt8, _ elements: inout [FileEntry<[UInt8]>]) {
    if byte == UInt8(ascii: "}") {
      elements.append(failure(InvalidEntry("the array ends with } instead of ]")))
    }
    place = byte == UInt8(ascii: ",") ? .afterComma : .afterArray
  }

  private func failure(_ error: InvalidEntry) -> FileEntry<[UInt8]> {
    FileEntry(line: line, content: .failure(error))
  }
}
