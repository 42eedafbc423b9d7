import EventLog
import GRDB

/// Each event has an ordinal: its number among the events of its type, in the order of ids. So the events of a type
/// between two ids are counted by two looks into an index, however many there are.
enum Ordinals {
  /// - Returns: how many events of a type there are up to and with an id.
  static func last(of type: EventType, upTo id: Int64, _ database: Database) throws -> Int64 {
    let statement = try database.cachedStatement(
      sql: """
        SELECT ordinal FROM event INDEXED BY event_by_type WHERE type = ? AND id <= ? ORDER BY id DESC LIMIT 1
        """)
    return try statement.firstInteger([type.rawValue, id]) ?? 0
  }
}
