import EventLog
import GRDB
import Text

/// The index that leads to the events of a filter. What the index does not decide is checked event by event.
enum AccessPath {
  case everything
  case types([EventType])
  case source(_ source: Text, types: [EventType])
  case userID(Text)
  case requestID(Text)
  case tag(Text)
  /// The text index, searched with an FTS5 expression.
  case text(String)

  /// A walk along one index, in the order of ids.
  private struct Walk {
    let from: String
    let id: String
    let conditions: [String]
    let arguments: [any StatementArgument]
  }

  /// A single walk, or one walk per type; these are merged.
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
          conditions: ["e.source = ?", "e.type = ?"], arguments: [source.string, $0.rawValue])
      }
    case .userID(let userID):
      [
        Walk(
          from: "event AS e INDEXED BY event_by_user", id: "e.id", conditions: ["e.user_id = ?"],
          arguments: [userID.string])
      ]
    case .requestID(let requestID):
      [
        Walk(
          from: "event AS e INDEXED BY event_by_request", id: "e.id", conditions: ["e.request_id = ?"],
          arguments: [requestID.string])
      ]
    case .tag(let tag):
      [
        Walk(
          from: "event_tag AS d CROSS JOIN event AS e ON e.id = d.event_id", id: "d.event_id",
          conditions: ["d.tag = ?"], arguments: [tag.string])
      ]
    case .text(let expression):
      [
        Walk(
          from: "event_text AS d CROSS JOIN event AS e ON e.id = d.rowid", id: "d.rowid",
          conditions: ["d.event_text MATCH ?"], arguments: [expression])
      ]
    }
  }

  /// A statement that reads events. It has no limit, since the reader stops when it has enough.
  struct Plan {
    let sql: String
    let arguments: [any StatementArgument]
    /// Whether the statement is one of a few hundred that are worth caching.
    let isCommon: Bool
    /// The conditions that SQL cannot decide; they are checked row by row.
    let undecided: [EventCondition]
  }

  /// - Parameters:
  ///   - columns: the columns to read in addition to the id.
  ///   - filter: the condition that every event must meet.
  ///   - ids: the ids to look among.
  ///   - isAscending: whether to read in ascending order of ids.
  /// - Returns: the plan; nil when no event can match.
  func plan(
    _ columns: Set<EventColumn>, _ filter: EventCondition, ids: IDRange, ascending isAscending: Bool
  ) -> Plan? {
    let remainder = remainder(of: filter)
    let undecided = remainder.filter { $0.sql == nil }
    let columns = undecided.reduce(columns) { $0.union($1.columns) }
    let decided = remainder.compactMap(\.sql)
    var arguments: [any StatementArgument] = []
    let walks = walks
    if walks.isEmpty || ids.isEmpty { return nil }
    let selections = walks.map { walk in
      arguments += walk.arguments + [ids.lower, ids.upper] + decided.flatMap(\.arguments)
      let conditions = walk.conditions + ["\(walk.id) BETWEEN ? AND ?"] + decided.map(\.text)
      return "SELECT \(EventColumn.selection(columns, of: "e", id: walk.id)) FROM \(walk.from) WHERE "
        + conditions.joined(separator: " AND ")
    }
    let key = walks.count == 1 ? walks[0].id : "1"
    return Plan(
      sql: selections.joined(separator: " UNION ALL ") + " ORDER BY \(key) \(isAscending ? "ASC" : "DESC")",
      arguments: arguments, isCommon: remainder.allSatisfy { $0.isTimeBound || $0.sql == nil },
      undecided: undecided)
  }

  /// - Returns: the number of events that the index leads to, counting each walk only up to `limit`.
  func count(ids: IDRange, upTo limit: Int, _ database: Database) throws -> Int {
    try walks.reduce(0) { count, walk in
      let conditions = (walk.conditions + ["\(walk.id) BETWEEN ? AND ?"]).joined(separator: " AND ")
      let statement = try database.cachedStatement(
        sql: "SELECT count(*) FROM (SELECT 1 FROM \(walk.from) WHERE \(conditions) LIMIT ?)")
      let arguments: [any StatementArgument] = walk.arguments + [ids.lower, ids.upper, Int64(limit)]
      return count + Int(try statement.firstInteger(arguments) ?? 0)
    }
  }

  /// Returns the indexes that lead to the events of a filter, the usually more selective ones first. The text index is
  /// not among them, since the expression to search it with depends on the log.
  static func indexes(for filter: EventCondition) -> [AccessPath] {
    let types = filter.possibleTypes
    var paths = filter.conjuncts.compactMap { index(for: $0, types) }
    if filter.source == nil, types.count < EventType.allCases.count { paths.append(.types(types)) }
    return paths.sorted { $0.rank < $1.rank }
  }

  private static func index(for condition: EventCondition, _ types: [EventType]) -> AccessPath? {
    switch condition {
    case .source(let source): .source(source, types: types)
    case .userID(let userID): .userID(userID)
    case .requestID(let requestID): .requestID(requestID)
    case .tag(let tag): .tag(tag)
    // All conditions on types are looked up together, and time bounds become ids (`ClockRuns`).
    case .all, .any, .not, .type, .text, .since, .until: nil
    }
  }

  /// The position among the indexes; the lowest usually leads to the fewest events.
  var rank: Int {
    switch self {
    case .requestID: 0
    case .userID: 1
    case .text: 2
    case .tag: 3
    case .source: 4
    case .types: 5
    case .everything: 6
    }
  }

  /// Returns whether every event that the walks lead to meets a condition.
  private func decides(_ condition: EventCondition) -> Bool {
    if condition.types?.count == EventType.allCases.count { return true }
    switch (self, condition) {
    case (.everything, _), (.text, _): return false
    case (.types(let types), _): return condition.types?.isSuperset(of: types) ?? false
    case (.source(let walked, _), .source(let source)): return walked == source
    case (.source(_, let types), _): return condition.types?.isSuperset(of: types) ?? false
    case (.userID(let walked), .userID(let userID)): return walked == userID
    case (.requestID(let walked), .requestID(let requestID)): return walked == requestID
    case (.tag(let walked), .tag(let tag)): return walked == tag
    case (.userID, _), (.requestID, _), (.tag, _): return false
    }
  }

  /// Returns the conditions of a filter that the walks do not decide.
  private func remainder(of filter: EventCondition) -> [EventCondition] {
    filter.conjuncts.filter { !decides($0) }
  }

  /// Returns whether an index leads to the events of a filter and to no others. Time bounds need no index.
  static func leadsStraight(to filter: EventCondition) -> Bool {
    ([.everything] + indexes(for: filter)).contains { $0.remainder(of: filter).allSatisfy(\.isTimeBound) }
  }
}
