import EventLogFormats

/// Reads what a log answers as NDJSON, in the parts in which it comes. A line that lacks its end was cut off, and does not
/// count.
struct StreamReader {
  private var splitter = LineSplitter()

  /// - Parameter bytes: the next part.
  /// - Returns: the lines that end in this part.
  /// - Throws: `InvalidEntry` when one of them is not what a log answers.
  mutating func read(_ bytes: [UInt8]) throws(InvalidEntry) -> [StreamLine] {
    var lines: [StreamLine] = []
    for line in splitter.split(bytes) { lines.append(try StreamLine(parsing: line.content.get())) }
    return lines
  }
}
