import EventLog
import JSON

/// Writes events as one JSON array, with one event per line.
struct JSONWriter: EventWriter {
  var text = [UInt8(ascii: "[")]
  private var isFirst = true

  mutating func append(_ event: EventJSON) {
    if !isFirst { text.append(",\n") }
    text += event.text
    isFirst = false
  }

  mutating func finish() {
    text.append("]\n")
  }
}
