import EventLog
import GRDB

/// Reads the events that match a filter in the order of recording, in one read transaction.
struct FilterReader {
  let database: Database
  let filter: EventCondition
  private let path: AccessPath
  /// The number of events that the index leads to, counted up to `AccessPath.fewEvents`; nil when they were not counted.
  private let estimate: Int?

  /// Chooses the index that leads to the fewest events.
  ///
  /// - Parameters:
  ///   - filter: the condition that every event must meet.
  ///   - ids: the ids to look among.
  ///   - estimates: whether to count events even when there is only one index.
  ///   - database: a connection in a read transaction.
  /// - Throws: any error from SQLite.
  init(_ filter: EventCondition, ids: IDRange, estimates: Bool = false, _ database: Database) throws {
    self.database = database
    self.filter = filter
    (path, estimate) = try AccessPath.best(for: filter, ids: ids, estimates: estimates, database)
  }

  /// Uses the index that the caller has chosen.
  init(_ filter: EventCondition, path: AccessPath, _ database: Database) {
    self.database = database
    self.filter = filter
    self.path = path
    estimate = nil
  }

  /// Whether the index leads to few events; false when they were not counted.
  var leadsToFewEvents: Bool {
    estimate.map { $0 < AccessPath.fewEvents } ?? false
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
    for (path, ids) in try steps(ids, ascending: isAscending) {
      guard let plan = path.plan(columns, filter, ids: ids, ascending: isAscending) else { continue }
      // Cached statements take memory permanently, and clients can ask for very many combinations.
      let statement =
        try plan.isCommon ? database.cachedStatement(sql: plan.sql) : database.makeStatement(sql: plan.sql)
      let isAtEnd = try statement.forEachRow(plan.arguments) { row in
        try plan.undecided.allSatisfy { try $0.matches(row) } ? try body(row) : true
      }
      if !isAtEnd { return false }
    }
    return true
  }

  /// Returns the steps of a read: events that are not in the text index yet are read one by one.
  private func steps(_ ids: IDRange, ascending isAscending: Bool) throws -> [(AccessPath, IDRange)] {
    guard case .text = path else { return [(path, ids)] }
    let lastID = try TextIndex.lastID(database)
    let steps = [
      (path, ids.intersection(IDRange(upper: lastID))),
      (.everything, ids.intersection(IDRange(lower: lastID + 1))),
    ]
    return isAscending ? steps : steps.reversed()
  }
}
