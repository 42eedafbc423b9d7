import EventLog

/// Reads JSON objects that represent events, each of which starts on a line of its own. Blank lines are skipped.
struct NDJSONReader: EventReader {
  var splitter: JSONLinesSplitter
  var hasFailed = false

  private let dropped: Set<EventMember>
  private let defaults: EventDefaults

  init(line: Int, dropping dropped: Set<EventMember>, defaults: EventDefaults) {
    self.dropped = dropped
    self.defaults = defaults
    splitter = JSONLinesSplitter(line: line)
  }

  func event(_ lines: [UInt8]) throws(InvalidEntry) -> ImportedEvent? {
    let text = lines.drop(while: \.isJSONWhitespace)
    return text.isEmpty ? nil : try ImportedEvent(parsing: text, dropping: dropped, defaults: defaults)
  }
}
