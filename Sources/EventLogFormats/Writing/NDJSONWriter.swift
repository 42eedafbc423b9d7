import EventLog

/// Writes events as JSON objects, one per line.
struct NDJSONWriter: EventWriter {
  var text: [UInt8] = []

  mutating func append(_ event: EventJSON) {
    text += event.text
    text.append(UInt8(ascii: "\n"))
  }

  mutating func finish() {}
}
