import EventLog
import GRDB

/// What is made of a row of the table `event`.
protocol RowItem: EventPageItem {
  /// - Parameters:
  ///   - row: the id, and behind it `EventRow.columns`.
  ///   - sort: of the query that the row was found by.
  /// - Throws: when the row is no event.
  init(row: ResultRow, by sort: EventQuery.Sort) throws
}

extension Event: RowItem {
  init(row: ResultRow, by sort: EventQuery.Sort) throws {
    self = try EventRow.event(from: row)
  }
}

extension EventJSON: RowItem {
  init(row: ResultRow, by sort: EventQuery.Sort) throws {
    let (id, type) = try EventRow.identity(of: row)
    let key: String? =
      switch sort {
      case .timestamp: nil
      case .type: type.rawValue
      case .source: try row.text(3)
      }
    let source = row.bytes(3)
    let message = row.bytes(4)
    let json = try EventRow.json(of: row)
    var text: [UInt8] = []
    text.reserveCapacity(source.count + message.count + Self.usualSizeOfTheRest)
    text.appendEventJSON(
      id: id, timestamp: Timestamp(milliseconds: row.integer(1)), type: type.rawValue.utf8Span.span,
      source: source.span, message: message.span, userID: row.bytes(5).span, requestID: row.bytes(6).span,
      tags: json.tags.span, data: json.data.span)
    _ = try UTF8Span(validating: text.span)
    self.init(position: EventPosition(key: key, id: id), text: text)
  }

  /// Bytes of the names and of the short members.
  private static let usualSizeOfTheRest = 256
}
