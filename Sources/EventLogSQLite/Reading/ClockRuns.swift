import EventLog
import GRDB

/// The log as runs of events whose timestamps never decrease. There is one run unless the clock was set back, or
/// imported events were not in the order of their timestamps.
///
/// Within a run, a moment is found by bisecting the ids, so timestamps need no index.
struct ClockRuns {
  /// The ids of each run, in ascending order and without gaps.
  let runs: [IDRange]
  private let database: Database

  /// The number of runs beyond which it would take longer to bisect all of them than it saves.
  private static let fewRuns = 100

  /// Returns the runs of a log if there are few.
  ///
  /// - Parameter database: a connection in a read transaction.
  /// - Returns: the runs; nil if there are too many to bisect all of them.
  /// - Throws: any error from SQLite.
  static func few(_ database: Database) throws -> ClockRuns? {
    let runs = try ClockRuns(database, upTo: fewRuns + 1)
    return runs.areFew ? runs : nil
  }

  private var areFew: Bool { runs.count <= Self.fewRuns }

  /// - Parameters:
  ///   - database: a connection in a read transaction.
  ///   - limit: the number of runs to read; nil reads all of them.
  /// - Throws: any error from SQLite.
  init(_ database: Database, upTo limit: Int? = nil) throws {
    var steps: [Int64] = []
    try database.cachedStatement(sql: "SELECT first_id FROM clock_step ORDER BY first_id").forEachRow { row in
      steps.append(row.integer(0))
      return limit.map { steps.count < $0 - 1 } ?? true
    }
    let newest =
      try database.cachedStatement(sql: "SELECT max(id) FROM event").firstInteger() ?? 0
    runs = zip([1] + steps, steps.map { $0 - 1 } + [newest]).map(IDRange.init)
    self.database = database
  }

  /// Returns ids that include all events of a time span, and few others if the clock was rarely set back.
  func ids(since: Timestamp?, until: Timestamp?) throws -> IDRange {
    guard since != nil || until != nil, areFew else { return IDRange() }
    var ids = IDRange(lower: .max, upper: 0)
    for run in runs {
      let span = try self.ids(in: run, since: since, until: until)
      if span.isEmpty { continue }
      ids = IDRange(lower: min(ids.lower, span.lower), upper: max(ids.upper, span.upper))
    }
    return ids
  }

  /// Returns exactly the ids of a run's events in a time span.
  func ids(in run: IDRange, since: Timestamp?, until: Timestamp?) throws -> IDRange {
    let lower = try since.map { try firstID(in: run, at: $0) } ?? run.lower
    let upper = try until.map { try firstID(in: run, at: $0) - 1 } ?? run.upper
    return IDRange(lower: lower, upper: upper)
  }

  /// - Returns: the id from which the run's events are at a moment or later; an id past the run when none is.
  func firstID(in run: IDRange, at moment: Timestamp) throws -> Int64 {
    let statement = try database.cachedStatement(
      sql: "SELECT id, timestamp FROM event WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 1")
    var (lower, end) = (run.lower, run.upper + 1)
    while lower < end {
      let middle = lower + (end - lower) / 2
      var earlier: Int64?
      try statement.forEachRow([middle, end - 1]) { row in
        if row.integer(1) < moment.milliseconds { earlier = row.integer(0) }
        return false
      }
      if let earlier { lower = earlier + 1 } else { end = middle }
    }
    return lower
  }
}
