import EventLog
import GRDB

/// Which index leads to the events of a filter. What the index does not decide is looked at event by event.
enum AccessPath {
  case everything
  case types([EventType])
  case source(String, [EventType])
  case userID(String)
  case requestID(String)
  case tag(String)
  /// An FTS5 expression.
  case text(String)

  /// One walk along one index, in the order of ids.
  private struct Walk {
    let from: String
    let id: String
    let conditions: [String]
    let arguments: [any StatementArgument]
  }

  /// The one walk, or one a type, which are merged.
  private var walks: [Walk] {
    switch self {
    case .everything:
      [Walk(from: "event AS e NOT INDEXED", id: "e.id", conditions: [], arguments: [])]
    case .types(let types):
      types.map {
        Walk(
          from: "event AS e INDEXED BY event_by_type", id: "e.id", conditions: ["e.type = ?"],
          arguments: [$0.rawValue])
      }
    case .source(let source, let types):
      types.map {
        Walk(
          from: "event AS e INDEXED BY event_by_source", id: "e.id",
          conditions: ["e.source = ?", "e.type = ?"], arguments: [source, $0.rawValue])
      }
    case .userID(let userID):
      [
        Walk(
          from: "event AS e INDEXED BY event_by_user", id: "e.id", conditions: ["e.user_id = ?"],
          arguments: [userID])
      ]
    case .requestID(let requestID):
      [
        Walk(
          from: "event AS e INDEXED BY event_by_request", id: "e.id", conditions: ["e.request_id = ?"],
          arguments: [requestID])
      ]
    case .tag(let tag):
      [
        Walk(
          from: "event_tag AS d CROSS JOIN event AS e ON e.id = d.event_id", id: "d.event_id",
          conditions: ["d.tag = ?"], arguments: [tag])
      ]
    case .text(let expression):
      [
        Walk(
          from: "event_text AS d CROSS JOIN event AS e ON e.id = d.rowid", id: "d.rowid",
          conditions: ["d.event_text MATCH ?"], arguments: [expression])
      ]
    }
  }

  /// The SQL that reads events, without a limit: whoever reads stops when there are enough.
  ///
  /// - Parameters:
  ///   - columns: those that are wanted besides the id.
  ///   - filter: what every event must meet but for `search`, which SQL cannot tell.
  ///   - ids: where to look.
  ///   - isAscending: whether ids rise.
  /// - Returns: the statement, its arguments, and whether it is one of a few hundred that are worth keeping.
  func statement(
    _ columns: Set<EventColumn>, _ filter: EventFilter, ids: IDRange, ascending isAscending: Bool
  ) -> (sql: String, arguments: [any StatementArgument], isCommon: Bool) {
    let remaining = remainingConditions(filter)
    var arguments: [any StatementArgument] = []
    let walks = walks
    let selections = walks.map { walk in
      arguments += walk.arguments + [ids.lower, ids.upper] + remaining.arguments
      let conditions = walk.conditions + ["\(walk.id) BETWEEN ? AND ?"] + remaining.conditions
      return "SELECT \(EventColumn.selection(columns, of: "e", id: walk.id)) FROM \(walk.from) WHERE "
        + conditions.joined(separator: " AND ")
    }
    let key = walks.count == 1 ? walks[0].id : "1"
    return (
      selections.joined(separator: " UNION ALL ") + " ORDER BY \(key) \(isAscending ? "ASC" : "DESC")",
      arguments, remaining.areOnlyOfTime
    )
  }

  /// - Returns: how many events the index leads to, counted up to a limit a walk.
  func count(ids: IDRange, upTo limit: Int, _ database: Database) throws -> Int {
    try walks.reduce(0) { count, walk in
      let conditions = (walk.conditions + ["\(walk.id) BETWEEN ? AND ?"]).joined(separator: " AND ")
      let statement = try database.cachedStatement(
        sql: "SELECT count(*) FROM (SELECT 1 FROM \(walk.from) WHERE \(conditions) LIMIT ?)")
      let arguments: [any StatementArgument] = walk.arguments + [ids.lower, ids.upper, Int64(limit)]
      return count + Int(try statement.firstInteger(arguments) ?? 0)
    }
  }

  /// What the walks leave open. The plus keeps SQLite from choosing another index.
  private func remainingConditions(
    _ filter: EventFilter
  ) -> (conditions: [String], arguments: [any StatementArgument], areOnlyOfTime: Bool) {
    var conditions: [String] = []
    var arguments: [any StatementArgument] = []
    func require(_ condition: String, _ argument: any StatementArgument) {
      conditions.append(condition)
      arguments.append(argument)
    }
    switch self {
    case .types, .source: break
    default:
      if !filter.types.isEmpty {
        let types = filter.consideredTypes
        conditions.append("+e.type IN (\(types.map { _ in "?" }.joined(separator: ", ")))")
        arguments += types.map(\.rawValue)
      }
    }
    if let source = filter.source {
      if case .source = self {} else { require("+e.source = ?", source) }
    }
    if let userID = filter.userID {
      if case .userID = self {} else { require("+e.user_id = ?", userID) }
    }
    if let requestID = filter.requestID {
      if case .requestID = self {} else { require("+e.request_id = ?", requestID) }
    }
    for tag in filter.tags {
      if case .tag(let walked) = self, walked.utf8.elementsEqual(tag.utf8) { continue }
      require("EXISTS (SELECT 1 FROM event_tag AS t WHERE t.tag = ? AND t.event_id = e.id)", tag)
    }
    let areOnlyOfTime = conditions.isEmpty
    // The ids are narrowed by time already, exactly unless the clock was set back.
    if let since = filter.since { require("+e.timestamp >= ?", since.milliseconds) }
    if let until = filter.until { require("+e.timestamp < ?", until.milliseconds) }
    return (conditions, arguments, areOnlyOfTime)
  }
}

extension EventFilter {
  /// The types to look for, in the order of their names; all where none is asked for.
  var consideredTypes: [EventType] {
    EventType.allCases.filter { types.isEmpty || types.contains($0) }.sorted { $0.rawValue < $1.rawValue }
  }
}
