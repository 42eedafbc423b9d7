/// Splits a text into JSON objects, each of which starts on a line of its own. Usually an object is one line (NDJSON),
/// but it may also be printed on several lines, as `jq` does.
///
/// A line that does not end its object belongs together with the lines after it, as long as they can go on with the
/// object. A line that was cut off therefore costs only its own object.
struct JSONLinesSplitter: RecordSplitter {
  /// A depth that no event exceeds.
  private static let maximumDepth = 100

  private var lines: LineSplitter
  /// The lines of an object that has not ended, and the number of the first of them.
  private var object = BoundedBytes()
  private var startLine = 0
  /// The brackets and braces that are open in these lines.
  private var open: [UInt8] = []
  /// The last byte of these lines that is not white space.
  private var last: UInt8 = 0

  init(line: Int) {
    lines = LineSplitter(line: line)
  }

  mutating func split(_ bytes: [UInt8]) -> [FileEntry<[UInt8]>] {
    join(lines.split(bytes))
  }

  mutating func finish() -> [FileEntry<[UInt8]>] {
    var objects = join(lines.finish())
    if !open.isEmpty { objects.append(endObject()) }
    return objects
  }

  private mutating func join(_ lines: [FileEntry<[UInt8]>]) -> [FileEntry<[UInt8]>] {
    var objects: [FileEntry<[UInt8]>] = []
    for line in lines {
      guard case .success(let bytes) = line.content else {
        if !open.isEmpty { objects.append(endObject()) }
        objects.append(line)
        continue
      }
      if !open.isEmpty, !goesOn(bytes) { objects.append(endObject()) }
      if open.isEmpty, Self.isWhole(bytes) {
        objects.append(line)
        continue
      }
      if open.isEmpty { startLine = line.line }
      read(bytes)
      if open.isEmpty { objects.append(endObject()) }
    }
    return objects
  }

  /// Returns whether a line may be an object by itself, or at least cannot be the start of one.
  private static func isWhole(_ line: [UInt8]) -> Bool {
    line.first { !$0.isJSONWhitespace } != UInt8(ascii: "{")
      || line.last { !$0.isJSONWhitespace } == UInt8(ascii: "}")
  }

  /// Returns whether a line may go on with the object. If it starts with a brace that is not indented, it may only be
  /// the next element of an array.
  private func goesOn(_ line: [UInt8]) -> Bool {
    guard line.first == UInt8(ascii: "{") else { return true }
    return open.last == UInt8(ascii: "[") && (last == UInt8(ascii: "[") || last == UInt8(ascii: ","))
  }

  /// Adds a line to the object. If the line ends within a string, nothing can go on with the object.
  private mutating func read(_ line: [UInt8]) {
    var isInString = false
    var isEscaped = false
    for byte in line {
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else {
          isInString = byte != UInt8(ascii: "\"")
        }
      } else {
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "["), UInt8(ascii: "{"): open.append(byte)
        case UInt8(ascii: "]"), UInt8(ascii: "}"): _ = open.popLast()
        default: break
        }
      }
      if !byte.isJSONWhitespace { last = byte }
    }
    if isInString || open.count > Self.maximumDepth { open = [] }
    object.append(line[...])
    object.append([UInt8(ascii: "\n")])
  }

  private mutating func endObject() -> FileEntry<[UInt8]> {
    open = []
    return FileEntry(line: startLine, content: object.take())
  }
}
