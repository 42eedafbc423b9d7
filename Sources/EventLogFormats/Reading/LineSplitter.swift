/// Splits a text into lines, each without the line feed that ends it. The last line may lack its line feed.
public struct LineSplitter: RecordSplitter {
  /// The number of the line that is being read, counted from 1.
  private var number: Int
  /// The part of that line that has been read.
  private var line = BoundedBytes()

  /// - Parameter line: the number of the first line.
  public init(line: Int = 1) {
    number = line
  }

  /// - Parameter bytes: the next part of the text.
  /// - Returns: the lines that end in this part. A line of more than 4 MiB is an `InvalidEntry`.
  public mutating func split(_ bytes: [UInt8]) -> [FileEntry<[UInt8]>] {
    var lines: [FileEntry<[UInt8]>] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      line.append(rest[..<end])
      lines.append(endLine())
      rest = rest[(end + 1)...]
    }
    line.append(rest)
    return lines
  }

  /// - Returns: the last line if it lacks its line feed; otherwise nothing.
  public mutating func finish() -> [FileEntry<[UInt8]>] {
    line.isEmpty ? [] : [endLine()]
  }

  private mutating func endLine() -> FileEntry<[UInt8]> {
    defer { number += 1 }
    return FileEntry(line: number, content: line.take())
  }
}
