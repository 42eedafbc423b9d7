import EventLog

/// Reads a JSON array whose elements are events.
struct JSONReader: EventReader {
  var splitter: JSONArraySplitter
  var hasFailed = false

  private let dropped: Set<EventMember>

  init(line: Int, dropping dropped: Set<EventMember>) {
    self.dropped = dropped
    splitter = JSONArraySplitter(line: line)
  }

  func event(_ element: [UInt8]) throws(InvalidEntry) -> ImportedEvent? {
    try ImportedEvent(parsing: element, dropping: dropped)
  }
}
