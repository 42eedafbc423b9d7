import EventLog

/// A column of the table `event`.
///
/// Every statement that reads events selects all columns in this order, with NULL in place of those that were not
/// requested. A column therefore always has the same place in a row.
enum EventColumn: Int32, CaseIterable {
  case id
  /// The time of recording in milliseconds since 1970-01-01T00:00:00Z.
  case timestamp
  case type
  case source
  case message
  case userID
  case requestID
  /// A JSON array of strings, which SQLite's own functions can read; NULL when there are no tags.
  case tags
  /// A JSON object; NULL when there is none.
  case data
  /// When it happened, in milliseconds since 1970-01-01T00:00:00Z; NULL when the client did not say.
  case occurredAt
  /// Who recorded it; NULL where nobody was asked.
  case recordedBy

  var name: String {
    switch self {
    case .id: "id"
    case .timestamp: "timestamp"
    case .type: "type"
    case .source: "source"
    case .message: "message"
    case .userID: "user_id"
    case .requestID: "request_id"
    case .tags: "tags"
    case .data: "data"
    case .occurredAt: "occurred_at"
    case .recordedBy: "recorded_by"
    }
  }

  /// The result columns of a statement that reads events.
  ///
  /// - Parameters:
  ///   - columns: the columns to read.
  ///   - table: the name of `event` in the statement.
  ///   - id: the expression for the id; nil selects the column itself.
  /// - Returns: the columns, separated by commas.
  static func selection(_ columns: Set<EventColumn> = all, of table: String = "event", id: String? = nil)
    -> String
  {
    allCases.map { column in
      if column == .id, let id { return id }
      return columns.contains(column) ? "\(table).\(column.name)" : "NULL"
    }.joined(separator: ", ")
  }

  static let all = Set(allCases)
  /// The columns that logs with an older schema lack.
  static let ofNewestSchema: Set<EventColumn> = [.occurredAt, .recordedBy]
}

extension ResultRow {
  func integer(_ column: EventColumn) -> Int64 { integer(column.rawValue) }

  func text(_ column: EventColumn) throws(UTF8.ValidationError) -> String { try text(column.rawValue) }

  func bytes(_ column: EventColumn) -> UnsafeBufferPointer<UInt8> { bytes(column.rawValue) }
}

extension EventTime {
  /// The columns that say what an event's time is.
  var columns: Set<EventColumn> {
    switch self {
    case .timestamp: [.timestamp]
    case .occurredAt: [.timestamp, .occurredAt]
    }
  }
}

extension ResultRow {
  /// Returns one of the times of an event.
  ///
  /// - Parameter time: the time, whose columns the row has.
  /// - Returns: the moment.
  func moment(of time: EventTime) -> Timestamp {
    let own = time == .occurredAt ? optionalInteger(EventColumn.occurredAt.rawValue) : nil
    return Timestamp(milliseconds: own ?? integer(.timestamp))
  }
}
