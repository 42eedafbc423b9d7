import EventLog

/// Reads JSON objects that represent events, each of which starts on a line of its own. Blank lines are skipped.
struct NDJSONReader: EventReader {
  var splitter: JSONLinesSplitter
  var hasFailed = false

  private let dropped: Set<EventMember>

  init(line: Int, dropping dropped: Set<EventMember>) {
    self.dropped = dropped
    splitter = JSONLinesSplitter(line: line)
  }

  func event(_ lines: [UInt8]) throws(InvalidEntry) -> ImportedEvent? {
    let text = lines.drop(while: \.isJSONWhitespace)
    return text.isEmpty ? nil : try ImportedEvent(parsing: text, dropping: dropped)
  }
}
