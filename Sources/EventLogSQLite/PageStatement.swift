import EventLog
import GRDB

/// The SQL that reads a page.
enum PageStatement {
  /// One arm a type, each a walk along an index from the cursor on, merged: a rare type costs no more than a
  /// frequent one, and a deep page no more than the first.
  static func make(_ query: EventQuery) -> (sql: String, arguments: StatementArguments) {
    let types = EventType.allCases.filter(query.types.contains)
    let isFiltered = !types.isEmpty && types.count < EventType.allCases.count
    let arms = (isFiltered ? types.map(Optional.some) : [nil]).map { arm(query, type: $0) }
    if arms.count == 1 { return arms[0] }
    let sql =
      arms.map { "SELECT * FROM (\($0.sql))" }.joined(separator: " UNION ALL ") + tail(query)
    return (sql, arms.map(\.arguments).reduce([], &+) + [query.readLimit])
  }

  private static func arm(
    _ query: EventQuery, type: EventType?
  ) -> (sql: String, arguments: StatementArguments) {
    var conditions: [String] = []
    var arguments: StatementArguments = []
    func require(_ condition: String, _ argument: some DatabaseValueConvertible) {
      conditions.append(condition)
      arguments += [argument]
    }
    if let type { require("type = ?", type.rawValue) }
    if let cursor = query.cursor {
      require(query.readsAscending ? "id > ?" : "id < ?", cursor.position.number)
    }
    if let lastID = query.lastID { require("id <= ?", lastID.number) }
    let sql =
      "SELECT \(EventRow.columns) FROM event" + (type == nil ? "" : " INDEXED BY event_by_type")
      + (conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")) + tail(query)
    return (sql, arguments + [query.readLimit])
  }

  private static func tail(_ query: EventQuery) -> String {
    " ORDER BY id \(query.readsAscending ? "ASC" : "DESC") LIMIT ?"
  }
}
