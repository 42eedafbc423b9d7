import EventLog
import JSON

/// Events as text in one representation, made piece by piece.
struct EventText: Sendable {
  private let representation: EventRepresentation
  private var isFirst = true
  /// What was made since it was last taken.
  private var bytes: [UInt8] = []

  init(_ representation: EventRepresentation) {
    self.representation = representation
    switch representation {
    case .json: bytes.append(UInt8(ascii: "["))
    case .ndjson: break
    case .csv: bytes.appendCSVHeader()
    }
  }

  /// Bytes that are to be taken.
  var count: Int { bytes.count }

  mutating func append(_ event: Event) {
    switch representation {
    case .json:
      if !isFirst { bytes.append(",\n") }
      bytes.appendJSON(event)
    case .ndjson:
      bytes.appendJSON(event)
      bytes.append(UInt8(ascii: "\n"))
    case .csv: bytes.appendCSV(event)
    }
    isFirst = false
  }

  /// Appends an event that is JSON already, where that is the representation.
  mutating func append(_ event: EventJSON) {
    if representation == .json, !isFirst { bytes.append(",\n") }
    bytes += event.text
    if representation == .ndjson { bytes.append(UInt8(ascii: "\n")) }
    isFirst = false
  }

  /// Ends the text.
  mutating func finish() {
    if representation == .json { bytes.append(contentsOf: "]\n".utf8) }
  }

  /// Empties it.
  mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }
}

/// What `EventText` can take.
protocol EventTextItem: EventPageItem {
  func append(to text: inout EventText)
}

extension Event: EventTextItem {
  func append(to text: inout EventText) { text.append(self) }
}

extension EventJSON: EventTextItem {
  func append(to text: inout EventText) { text.append(self) }
}
