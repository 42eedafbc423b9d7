import EventIndex
import EventLog
import GRDB

/// The events of a segment that the index has found.
struct FoundPositions {
  let selection: Selection
  /// The ids of all events of the segment.
  let ids: IDColumn
}

/// Reads rows of the table `event` by their ids.
struct EventRows {
  /// The share of the events of a segment from which it is quicker to read all of them one after the other than to look
  /// each of them up: one in so many.
  private static let denseShare = 4

  private let database: Database
  private let columns: Set<EventColumn>

  /// - Parameters:
  ///   - columns: the columns to read in addition to the id.
  ///   - database: a connection in a read transaction.
  init(_ columns: Set<EventColumn>, _ database: Database) {
    self.columns = columns
    self.database = database
  }

  private func statement(_ condition: String) throws -> Statement {
    try database.cachedStatement(
      sql: "SELECT \(EventColumn.selection(columns, of: "event", id: "id")) FROM event WHERE \(condition)")
  }

  /// Reads all events of a range of ids.
  ///
  /// - Parameters:
  ///   - ids: the ids.
  ///   - isAscending: whether to read in ascending order of ids.
  ///   - body: receives a row and returns whether it needs more.
  /// - Returns: whether `body` always needed more.
  /// - Throws: any error from SQLite, or what `body` throws.
  func forEach(in ids: IDRange, ascending isAscending: Bool, _ body: (ResultRow) throws -> Bool) throws
    -> Bool
  {
    if ids.isEmpty { return true }
    return try statement("id BETWEEN ? AND ? ORDER BY id \(isAscending ? "ASC" : "DESC")")
      .forEachRow([ids.lower, ids.upper], body)
  }

  /// Reads events that the index has found.
  ///
  /// - Parameters:
  ///   - found: the events.
  ///   - ids: the ids to look among.
  ///   - isAscending: whether to read in ascending order of ids.
  ///   - body: receives a row and whether it certainly matches, and returns whether it needs more.
  /// - Returns: whether `body` always needed more.
  /// - Throws: any error from SQLite, or what `body` throws.
  func forEach(
    _ found: FoundPositions, in ids: IDRange, ascending isAscending: Bool,
    _ body: (ResultRow, Bool) throws -> Bool
  ) throws -> Bool {
    let range = found.ids.position(of: ids.lower)..<found.ids.position(of: ids.upper.addingClamped(1))
    let positions = found.selection.possible.intersection(
      PositionSet(range, capacity: found.selection.possible.capacity))
    if positions.count * Self.denseShare >= range.count {
      return try forEachDense(found, positions, in: ids, ascending: isAscending, body)
    }
    let statement = try statement("id = ?")
    return try positions.forEach(ascending: isAscending) { position in
      var needsMore = true
      try statement.forEachRow([found.ids[position]]) { row in
        needsMore = try body(row, !found.selection.undecided.contains(position))
        return false
      }
      return needsMore
    }
  }

  /// Reads all events of a range, and passes on those that were found.
  private func forEachDense(
    _ found: FoundPositions, _ positions: PositionSet, in ids: IDRange, ascending isAscending: Bool,
    _ body: (ResultRow, Bool) throws -> Bool
  ) throws -> Bool {
    var needsMore = true
    let last = isAscending ? positions.last : positions.first
    guard let last else { return true }
    let end = found.ids[last]
    return try forEach(
      in: isAscending ? IDRange(lower: ids.lower, upper: end) : IDRange(lower: end, upper: ids.upper),
      ascending: isAscending
    ) { row in
      let position = found.ids.position(of: row.integer(.id))
      guard position < found.ids.count, found.ids[position] == row.integer(.id), positions.contains(position)
      else { return true }
      needsMore = try body(row, !found.selection.undecided.contains(position))
      return needsMore
    }
  }
}

extension Int64 {
  func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
