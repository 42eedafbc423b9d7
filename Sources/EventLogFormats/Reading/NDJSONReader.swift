/// Reads lines, each of which is a JSON object that represents an event. Blank lines are skipped.
struct NDJSONReader: EventReader {
  var splitter: LineSplitter

  init(line: Int) {
    splitter = LineSplitter(line: line)
  }

  func event(_ line: [UInt8]) throws(InvalidEntry) -> ImportedEvent? {
    let text = line.drop(while: \.isJSONWhitespace)
    return text.isEmpty ? nil : try ImportedEvent(parsing: text)
  }
}
