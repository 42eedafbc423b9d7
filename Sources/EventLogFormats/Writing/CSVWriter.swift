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
    case .source: appendCell(draft.source.utf8)
    case .message: appendCell(draft.message.utf8)
    case .userID: appendCell((draft.userID ?? "").utf8)
    case .requestID: appendCell((draft.requestID ?? "").utf8)
    case .tags: appendCell(draft.tagsJSON)
    case .data: appendCell((draft.data?.json ?? "").utf8)
    }
  }

  mutating func finish() {}

  /// Appends a cell, which is quoted if necessary.
  private mutating func appendCell(_ cell: some Collection<UInt8>) {
    let isQuoted = cell.contains(where: ",\"\r\n".utf8.contains)
    if isQuoted { text.append(EventCSV.quote) }
    if EventCSV.isRisky(cell) { text.append(EventCSV.apostrophe) }
    if isQuoted {
      for byte in cell {
        if byte == EventCSV.quote { text.append(byte) }
        text.append(byte)
      }
      text.append(EventCSV.quote)
    } else {
      text.append(contentsOf: cell)
    }
  }
}
