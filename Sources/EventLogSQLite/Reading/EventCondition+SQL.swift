import EventLog
import Text

extension EventCondition {
  /// The condition in SQL; nil when SQL cannot decide it, since texts are compared with the program's own case folding.
  ///
  /// The unary plus keeps SQLite from choosing an index other than the one that is walked. For a missing member, `IS`
  /// is true or false, whereas `=` and its negation would be neither.
  var sql: SQLCondition? {
    switch self {
    case .all(let conditions): Self.join(conditions, by: "AND", empty: "+e.id > 0")
    case .any(let conditions): Self.join(conditions, by: "OR", empty: "+e.id < 0")
    case .not(let condition): condition.sql.map { SQLCondition("NOT \($0.text)", $0.arguments) }
    case .type(let type): SQLCondition("+e.type = ?", [type.rawValue])
    case .source(let source): SQLCondition("+e.source = ?", [source.string])
    case .text: nil
    case .since(let moment): SQLCondition("+e.timestamp >= ?", [moment.milliseconds])
    case .until(let moment): SQLCondition("+e.timestamp < ?", [moment.milliseconds])
    case .userID(let userID): SQLCondition("+e.user_id IS ?", [userID.string])
    case .requestID(let requestID): SQLCondition("+e.request_id IS ?", [requestID.string])
    case .tag(let tag):
      SQLCondition(
        "EXISTS (SELECT 1 FROM event_tag AS t WHERE t.tag = ? AND t.event_id = e.id)", [tag.string])
    }
  }

  private static func join(_ conditions: [EventCondition], by word: String, empty: String) -> SQLCondition? {
    let parts = conditions.compactMap(\.sql)
    return parts.count == conditions.count ? SQLCondition(joining: parts, by: word, empty: empty) : nil
  }

  /// The columns that `matches(_:)` reads from a row.
  var columns: Set<EventColumn> {
    if case .text = self { [.source, .message] } else { EventColumn.all }
  }

  /// Returns whether the event of a row meets the condition.
  ///
  /// - Throws: `EventStoreError` or a validation error when the row does not hold a valid event.
  func matches(_ row: ResultRow) throws -> Bool {
    if case .text(let terms) = self {
      return try terms.match(source: row.bytes(.source).span, message: row.bytes(.message).span)
    }
    return matches(try EventRow(row).item() as Event)
  }
}
