import EventLog
import JSON

/// Writes events as rows of CSV, after a header row that names the columns.
struct CSVWriter: EventWriter {
  var text = Array((EventCSV.columns.joined(separator: ",") + "\r\n").utf8)

  mutating func append(_ event: Event) {
    let draft = event.draft
    event.id.append(to: &text)
    text.append(UInt8(ascii: ","))
    event.timestamp.append(to: &text)
    text.append(UInt8(ascii: ","))
    text.append(contentsOf: draft.type.rawValue.utf8)
    appendCell(draft.source)
    appendCell(draft.message)
    appendCell(draft.userID ?? "")
    appendCell(draft.requestID ?? "")
    appendCell(Self.json(ofTags: draft.tags))
    appendCell(draft.data?.json ?? "")
    text.append("\r\n")
  }

  mutating func finish() {}

  /// Appends a comma and a cell, which is quoted if necessary.
  private mutating func appendCell(_ cell: String) {
    text.append(UInt8(ascii: ","))
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
