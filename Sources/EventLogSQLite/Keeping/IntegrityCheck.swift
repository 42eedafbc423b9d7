public import EventLog
import GRDB

/// Looks for damage in a log, which may be in use.
public struct IntegrityCheck: Sendable {
  /// The number of events in the log; 0 when its pages are damaged.
  public let events: Int
  /// What is wrong, one sentence per problem; empty when nothing is.
  public let problems: [String]

  /// The queries that must select nothing or NULL, and the problem when they select a number. The number is an id,
  /// which takes the place of `%d`.
  private static let rules: [(problem: String, sql: String)] = [
    (
      "the data of an event is not JSON, starting with id %d",
      "SELECT min(id) FROM event WHERE data IS NOT NULL AND NOT json_valid(data)"
    ),
    (
      "no event can be recorded any more, since the newest one has the highest possible id, %d",
      "SELECT max(id) FROM event HAVING max(id) >= 999999999999999999"
    ),
    (
      "the log has %d states instead of one",
      "SELECT count FROM (SELECT count(*) AS count FROM log_state) WHERE count <> 1"
    ),
  ]

  /// Reads the whole log as it is at one moment.
  ///
  /// - Parameter path: the path of the log, which is not changed.
  /// - Throws: `EventStoreError` when the file cannot be read at all, is not an event log, or was written by another
  ///   version.
  public init(path: String) throws(EventStoreError) {
    let log = try ReadOnlyLog(path: path)
    do throws(EventStoreError) {
      self = try log.read { try IntegrityCheck($0) }
    } catch {
      throw EventStoreError(error.reason, cause: "cannot read the event log \(path): \(error.cause)")
    }
  }

  /// Reads the whole log. Of a log with an older schema, only the pages and the events are checked, but not what newer
  /// versions derive from the events.
  ///
  /// - Parameters:
  ///   - database: a connection to the log, in a transaction.
  ///   - isCancelled: returns whether to give up; it is asked about once a second.
  /// - Throws: any error from SQLite.
  init(_ database: Database, unless isCancelled: @escaping () -> Bool = { false }) throws {
    self = try database.reportingProgress({ !isCancelled() }) { try IntegrityCheck(all: database) }
  }

  private init(all database: Database) throws {
    let damage = try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
    // If the pages are damaged, the rules cannot be checked.
    if !damage.isEmpty {
      (events, problems) = (0, damage.flatMap { $0.split(separator: "\n").map(String.init) })
      return
    }
    events = try Int.fetchOne(database, sql: "SELECT count(*) FROM event") ?? 0
    let isCurrent = try Schema.isCurrent(database)
    if let problem = try Self.firstUnreadable(database, isCurrent: isCurrent) {
      problems = [problem]
      return
    }
    guard isCurrent else {
      problems = []
      return
    }
    let broken = try Self.rules.compactMap { rule in
      try Int64.fetchOne(database, sql: rule.sql).map {
        rule.problem.split(separator: "%d", omittingEmptySubsequences: false).joined(separator: "\($0)")
      }
    }
    problems = try broken + IndexCheck(database).problems
  }

  /// Returns the problem of the first event that cannot be read; nil when all can.
  private static func firstUnreadable(_ database: Database, isCurrent: Bool) throws -> String? {
    var problem: String?
    let columns = isCurrent ? EventColumn.all : EventColumn.all.subtracting(EventColumn.ofNewestSchema)
    let statement = try database.makeStatement(
      sql: "SELECT \(EventColumn.selection(columns)) FROM event ORDER BY id")
    try statement.forEachRow { row in
      do {
        let _: Event = try EventRow(row).item()
      } catch {
        problem = "\(EventStoreError(error)), starting with id \(row.integer(.id))"
      }
      return problem == nil
    }
    return problem
  }
}
