import EventLog
import GRDB

/// Reads ordinals. An event's ordinal is its number among the events of its type, in the order of ids. Two lookups in
/// an index are therefore enough to count the events of a type between two ids, however many there are.
enum Ordinals {
  /// - Returns: the number of events of a type up to and including an id.
  static func last(of type: EventType, upTo id: Int64, _ database: Database) throws -> Int64 {
    let statement = try database.cachedStatement(
      sql: """
        SELECT ordinal FROM event INDEXED BY event_by_type WHERE type = ? AND id <= ? ORDER BY id DESC LIMIT 1
        """)
    return try statement.firstInteger([type.rawValue, id]) ?? 0
  }
}

extension EventCondition {
  /// Whether the condition is only about types and time bounds. The log keeps count of such events (`Ordinals`).
  var isOfTypesAndTime: Bool {
    conjuncts.allSatisfy { $0.isTimeBound || $0.types != nil }
  }
}
