import EventIndex
import EventLog
import GRDB

/// Reads events for a segment.
struct SegmentSource {
  /// The most ids that are tried one by one in a part of the file that is damaged.
  private static let maximumAttempts = 20_000

  private let database: Database

  /// - Parameter database: a connection in a read transaction.
  init(_ database: Database) {
    self.database = database
  }

  /// Adds events to a segment, in the order of ids, until it has enough. An event that cannot be read ends it, too: nothing
  /// is known about such an event, so it stays outside of all segments.
  ///
  /// - Parameters:
  ///   - ids: the ids of the events.
  ///   - builder: receives them.
  ///   - isEnough: returns whether the segment takes no further event.
  /// - Returns: the ids that are still to be looked at.
  /// - Throws: any error from SQLite but damage.
  @discardableResult
  func add(
    _ ids: IDRange, to builder: inout SegmentBuilder, until isEnough: (SegmentBuilder) -> Bool
  ) throws -> IDRange {
    var rest = ids
    for _ in 0..<Self.maximumAttempts where !rest.isEmpty {
      do {
        try addFirst(of: &rest, to: &builder, until: isEnough)
        break
      } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
        if builder.count > 0 { break }
        rest.lower += 1
      }
    }
    return rest
  }

  private func addFirst(
    of rest: inout IDRange, to builder: inout SegmentBuilder, until isEnough: (SegmentBuilder) -> Bool
  ) throws {
    try database.cachedStatement(
      sql: "SELECT \(EventColumn.selection()) FROM event WHERE id BETWEEN ? AND ? ORDER BY id"
    ).forEachRow([rest.lower, rest.upper]) { row in
      if isEnough(builder) { return false }
      let id = row.integer(.id)
      guard id >= rest.lower else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
      do {
        try builder.add(EventRow(row).stored())
      } catch {
        if builder.count == 0 { rest.lower = id + 1 }
        return builder.count == 0
      }
      rest.lower = id + 1
      return true
    }
  }
}
