import EventLog

/// Reads a JSON array whose elements are events.
struct JSONReader: EventReader {
  var splitter: JSONArraySplitter
  var hasFailed = false

  private let dropped: Set<EventMember>
  private let defaults: EventDefaults

  init(line: Int, dropping dropped: Set<EventMember>, defaults: EventDefaults) {
    self.dropped = dropped
    self.defaults = defaults
    splitter = JSONArraySplitter(line: line)
  }

  func event(_ element: [UInt8]) throws(InvalidEntry) -> ImportedEvent? {
    try ImportedEvent(parsing: element, dropping: dropped, defaults: defaults)
  }
}
