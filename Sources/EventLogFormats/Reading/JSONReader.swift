/// Reads a JSON array whose elements are events.
struct JSONReader: EventReader {
  var splitter: JSONArraySplitter
  var hasFailed = false

  init(line: Int) {
    splitter = JSONArraySplitter(line: line)
  }

  func event(_ element: [UInt8]) throws(InvalidEntry) -> ImportedEvent? {
    try ImportedEvent(parsing: element)
  }
}
