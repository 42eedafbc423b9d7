/// Reads events from a text in any of the formats, in constant memory. The first character determines the format. The
/// text may be compressed by gzip, and may start with a byte order mark.
public struct EventFileReader {
  private var text: FileText
  /// The reader of the text's format; nil before the first character that is not white space.
  private var reader: (any EventReader)?
  /// The number of lines that ended before that character.
  private var blankLines = 0
  /// The entries that were read and not yet returned.
  private var entries: ArraySlice<FileEntry<ImportedEvent>> = []
  private var isAtEnd = false

  /// - Parameter nextBytes: returns the next bytes of the text, and none at its end.
  public init(nextBytes: @escaping () throws -> [UInt8]) {
    text = FileText(nextBytes: nextBytes)
  }

  /// - Returns: the next entry; nil at the end.
  /// - Throws: `InvalidGzip`, or what `nextBytes` throws.
  public mutating func next() throws -> FileEntry<ImportedEvent>? {
    while entries.isEmpty {
      if isAtEnd || reader?.hasFailed == true { return nil }
      let bytes = try text.next()
      isAtEnd = bytes.isEmpty
      entries = (isAtEnd ? reader?.finish() : read(bytes))?[...] ?? []
    }
    return entries.popFirst()
  }

  /// - Returns: the next entries; nil when the text has been nothing but white space so far.
  private mutating func read(_ bytes: [UInt8]) -> [FileEntry<ImportedEvent>]? {
    if reader != nil { return reader?.read(bytes) }
    let text = bytes.drop(while: \.isJSONWhitespace)
    blankLines += bytes[..<text.startIndex].count { $0 == UInt8(ascii: "\n") }
    reader = text.first.map { EventFormat(firstByte: $0).reader(line: blankLines + 1) }
    return reader?.read(Array(text))
  }
}
