import EventIndex
import EventLog
import GRDB

/// Reads the events that match a filter in the order of recording, in one read transaction.
struct FilterReader {
  let view: IndexView
  let filter: EventCondition

  private var database: Database { view.database }

  /// - Parameters:
  ///   - filter: the condition that every event must meet.
  ///   - view: the log's index.
  init(_ filter: EventCondition, _ view: IndexView) {
    self.filter = filter
    self.view = view
  }

  /// Reads rows until `body` has enough.
  ///
  /// - Parameters:
  ///   - columns: the columns that `body` reads in addition to the id.
  ///   - ids: the ids to look among.
  ///   - isAscending: whether to read in ascending order of ids.
  ///   - body: receives a row and returns whether it needs more.
  /// - Returns: whether `body` needed more rows than there were.
  /// - Throws: any error from SQLite, or what `body` throws.
  @discardableResult
  func forEachRow(
    _ columns: Set<EventColumn>, ids: IDRange, ascending isAscending: Bool, _ body: (ResultRow) throws -> Bool
  ) throws -> Bool {
    if filter.isEverything { return try rows(columns).forEach(in: ids, ascending: isAscending, body) }
    for piece in view.pieces(in: ids, ascending: isAscending) {
      guard try forEachRow(columns, in: piece, ascending: isAscending, body) else { return false }
    }
    return true
  }

  private func forEachRow(
    _ columns: Set<EventColumn>, in piece: LogPiece, ascending isAscending: Bool,
    _ body: (ResultRow) throws -> Bool
  ) throws -> Bool {
    let found = try view.asking(piece) { reader in
      FoundPositions(selection: try reader.selection(of: filter), ids: try reader.ids())
    }
    guard let found else {
      return try rows(columns.union(filter.columns)).forEach(in: piece.ids, ascending: isAscending) { row in
        try filter.matches(row) ? try body(row) : true
      }
    }
    if found.selection.possible.isEmpty { return true }
    let needed = found.selection.undecided.isEmpty ? columns : columns.union(filter.columns)
    return try rows(needed).forEach(found, in: piece.ids, ascending: isAscending) { row, isDecided in
      try isDecided || filter.matches(row) ? try body(row) : true
    }
  }

  /// Reads all events of a range of ids that match a filter, without the index.
  ///
  /// - Parameters:
  ///   - columns: the columns that `body` reads in addition to the id.
  ///   - filter: the condition that every event must meet.
  ///   - ids: the ids to look among.
  ///   - database: a connection in a read transaction.
  ///   - body: receives each row.
  /// - Throws: any error from SQLite, or what `body` throws.
  static func everyRow(
    _ columns: Set<EventColumn>, _ filter: EventCondition, in ids: IDRange, _ database: Database,
    _ body: (ResultRow) throws -> Void
  ) throws {
    _ = try EventRows(columns.union(filter.columns), database).forEach(in: ids, ascending: true) { row in
      if try filter.matches(row) { try body(row) }
      return true
    }
  }

  private func rows(_ columns: Set<EventColumn>) -> EventRows { EventRows(columns, database) }
}
