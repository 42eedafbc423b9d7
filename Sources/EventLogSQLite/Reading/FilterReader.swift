import EventLog
import GRDB

/// Reads the events of a filter in the order of recording, in one read transaction.
struct FilterReader {
  let database: Database
  let filter: EventFilter
  private let path: AccessPath
  /// How many events the index leads to, counted up to `fewEvents`; nil where there was no choice.
  private let estimate: Int?

  /// A number of events that is quickly read to the last.
  static let fewEvents = 1000

  /// Chooses the index that leads to the fewest events.
  ///
  /// - Parameters:
  ///   - filter: which events.
  ///   - ids: where to look.
  ///   - estimates: whether to count even where there is only one index.
  ///   - database: in a read transaction.
  /// - Throws: what SQLite throws.
  init(_ filter: EventFilter, ids: IDRange, estimates: Bool = false, _ database: Database) throws {
    self.database = database
    self.filter = filter
    let paths = try Self.paths(filter, database)
    guard paths.count > 1 || estimates else {
      path = paths.first ?? .everything
      estimate = nil
      return
    }
    let counted = try paths.map {
      (path: $0, count: try $0.count(ids: ids, upTo: Self.fewEvents, database))
    }
    let best = counted.min { $0.count < $1.count }
    path = best?.path ?? .everything
    estimate = best?.count
  }

  /// Takes the index that the caller has chosen.
  init(_ filter: EventFilter, path: AccessPath, _ database: Database) {
    self.database = database
    self.filter = filter
    self.path = path
    estimate = nil
  }

  /// Whether the index leads to few events; false where that was not found out.
  var leadsToFewEvents: Bool {
    estimate.map { $0 < Self.fewEvents } ?? false
  }

  /// The indexes that apply, those first that are the more selective as a rule.
  private static func paths(_ filter: EventFilter, _ database: Database) throws -> [AccessPath] {
    var paths: [AccessPath] = []
    if let requestID = filter.requestID { paths.append(.requestID(requestID)) }
    if let userID = filter.userID { paths.append(.userID(userID)) }
    if let search = filter.search, let expression = try TextIndex.expression(for: search, database) {
      paths.append(.text(expression))
    }
    paths += filter.tags.map(AccessPath.tag)
    if let source = filter.source {
      paths.append(.source(source, filter.consideredTypes))
    } else if !filter.types.isEmpty, filter.types.count < EventType.allCases.count {
      paths.append(.types(filter.consideredTypes))
    }
    return paths
  }

  /// Reads rows until there are enough.
  ///
  /// - Parameters:
  ///   - columns: those that `body` looks at besides the id.
  ///   - ids: where to look.
  ///   - isAscending: whether ids rise.
  ///   - body: takes a row and says whether it wants more.
  /// - Returns: whether `body` wanted more than there was.
  /// - Throws: what SQLite or `body` throws.
  @discardableResult
  func forEachRow(
    _ columns: Set<EventColumn>, ids: IDRange, ascending isAscending: Bool, _ body: (ResultRow) throws -> Bool
  ) throws -> Bool {
    let columns = filter.search == nil ? columns : columns.union([.source, .message])
    for (path, ids) in try steps(ids, ascending: isAscending) where !ids.isEmpty {
      let (sql, arguments, isCommon) = path.statement(columns, filter, ids: ids, ascending: isAscending)
      // Kept statements take memory for good, and clients can think of very many combinations.
      let statement =
        try isCommon ? database.cachedStatement(sql: sql) : database.makeStatement(sql: sql)
      let isAtEnd = try statement.forEachRow(arguments) { row in
        if let search = filter.search,
          !search.match(source: try row.text(.source), message: try row.text(.message))
        {
          return true
        }
        return try body(row)
      }
      if !isAtEnd { return false }
    }
    return true
  }

  /// What is not in the text index yet is read one by one.
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
