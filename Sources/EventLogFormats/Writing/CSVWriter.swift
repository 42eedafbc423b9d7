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
    case .source: appendCell(draft.source.utf8Span.span)
    case .message: appendCell(draft.message.utf8Span.span)
    case .userID: appendCell(draft.userID)
    case .requestID: appendCell(draft.requestID)
    case .tags: appendCell(draft.tagsJSON.span)
    case .data: appendCell(draft.data?.json)
    case .occurredAt: draft.occurredAt?.append(to: &text)
    case .recordedBy: appendCell(draft.recordedBy)
    }
  }

  mutating func finish() {}

  private mutating func appendCell(_ cell: String?) {
    if let cell { appendCell(cell.utf8Span.span) }
  }

  /// Appends a cell, which is quoted if necessary, and in which apostrophes mark what a spreadsheet would run.
  private mutating func appendCell(_ cell: Span<UInt8>) {
    var marks = EventCSV.riskyPlaces(in: cell)[...]
    guard !marks.isEmpty || Self.hasToBeQuoted(cell) else { return text.append(copying: cell) }
    text.append(EventCSV.quote)
    for offset in cell.indices {
      if offset == marks.first {
        text.append(EventCSV.apostrophe)
        marks.removeFirst()
      }
      if cell[offset] == EventCSV.quote { text.append(EventCSV.quote) }
      text.append(cell[offset])
    }
    text.append(EventCSV.quote)
  }

  private static func hasToBeQuoted(_ cell: Span<UInt8>) -> Bool {
    cell.indices.contains { offset in
      switch cell[offset] {
      case UInt8(ascii: ","), EventCSV.quote, UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
      default: false
      }
    }
  }
}
