import EventLog
import JSON

/// Writes events as rows of CSV, after a header row that names the columns.
struct CSVWriter: EventWriter {
  var text = Array((EventMember.allCases.map(\.rawValue).joined(separator: ",") + "\r\n").utf8)

  mutating func append(_ event: Event) {
    for member in EventMember.allCases {
      if member != .id { text.append(UInt8(ascii: ",")) }
      append(member, of: event)
    }
    text.append("\r\n")
  }

  private mutating func append(_ member: EventMember, of event: Event) {
    let draft = event.draft
    switch member {
    case .id: event.id.append(to: &text)
    case .timestamp: event.timestamp.append(to: &text)
    case .type: text.append(contentsOf: draft.type.rawValue.utf8)
    case .source: appendCell(draft.source)
    case .message: appendCell(draft.message)
    case .userID: appendCell(draft.userID ?? "")
    case .requestID: appendCell(draft.requestID ?? "")
    case .tags: appendCell(Self.json(ofTags: draft.tags))
    case .data: appendCell(draft.data?.json ?? "")
    }
  }

  mutating func finish() {}

  /// Appends a cell, which is quoted if necessary.
  private mutating func appendCell(_ cell: String) {
    let isRisky = EventCSV.isRisky(cell.utf8)
    guard cell.utf8.contains(where: ",\"\r\n".utf8.contains) else {
      if isRisky { text.append(EventCSV.apostrophe) }
      text.append(contentsOf: cell.utf8)
      return
    }
    text.append(UInt8(ascii: "\""))
    if isRisky { text.append(EventCSV.apostrophe) }
    for byte in cell.utf8 {
      if byte == UInt8(ascii: "\"") { text.append(byte) }
      text.append(byte)
    }
    text.append(UInt8(ascii: "\""))
  }

  private static func json(ofTags tags: [String]) -> String {
    if tags.isEmpty { return "" }
    var json: [UInt8] = []
    json.appendJSON(.array(tags.map(JSONValue.string)))
    return String(decoding: json, as: UTF8.self)
  }
}
