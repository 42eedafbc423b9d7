import EventLog
import GRDB

/// Counts events by time interval, in one read transaction.
struct HistogramReader {
  private let database: Database
  private let query: HistogramQuery
  private let clock: ClockRuns
  private let reader: FilterReader

  init(_ query: HistogramQuery, _ database: Database) throws {
    self.database = database
    self.query = query
    clock = try ClockRuns(database)
    reader = try FilterReader(query.filter, ids: IDRange(), database)
  }

  /// - Throws: `InvalidQuery` when there are too many intervals, `EventStoreError` when the timestamps of the log are
  ///   damaged, or any error from SQLite.
  func histogram() throws -> EventHistogram {
    var histogram = try EventHistogram(of: query, spanning: try span())
    if query.filter.isOfTypesAndTime {
      try countByOrdinals(&histogram)
    } else {
      try countOneByOne(&histogram)
    }
    return histogram
  }

  /// Returns the earliest and the latest timestamp of the matching events; nil when there are none.
  private func span() throws -> ClosedRange<Timestamp>? {
    var span: ClosedRange<Timestamp>?
    for run in clock.runs {
      let ids = try clock.ids(in: run, since: query.filter.since, until: query.filter.until)
      guard let first = try timestamp(ids, ascending: true), let last = try timestamp(ids, ascending: false)
      else { continue }
      guard first <= last, Timestamp.earliest <= first, last <= Timestamp.latest else { throw Self.damage }
      span = min(span?.lowerBound ?? first, first)...max(span?.upperBound ?? last, last)
    }
    return span
  }

  /// Returns the timestamp of the event that is found first; nil when none is.
  private func timestamp(_ ids: IDRange, ascending isAscending: Bool) throws -> Timestamp? {
    var timestamp: Timestamp?
    try reader.forEachRow([.timestamp], ids: ids, ascending: isAscending) { row in
      timestamp = Timestamp(milliseconds: row.integer(.timestamp))
      return false
    }
    return timestamp
  }

  /// Counts events in time that depends on the number of intervals and not on the number of events.
  private func countByOrdinals(_ histogram: inout EventHistogram) throws {
    let buckets = histogram.buckets
    for run in clock.runs {
      var rest = try clock.ids(in: run, since: query.filter.since, until: query.filter.until)
      for bucket in buckets where !rest.isEmpty {
        let end = try clock.firstID(in: rest, at: bucket.until)
        if end == rest.lower { continue }
        for type in query.filter.possibleTypes {
          let count =
            try Ordinals.last(of: type, upTo: end - 1, database)
            - Ordinals.last(of: type, upTo: rest.lower - 1, database)
          if count > 0 { histogram.add(Int(count), of: type, at: bucket.since) }
        }
        rest.lower = end
      }
    }
  }

  private func countOneByOne(_ histogram: inout EventHistogram) throws {
    let ids = try clock.ids(since: query.filter.since, until: query.filter.until)
    guard let start = histogram.buckets.first?.since, let end = histogram.buckets.last?.until else { return }
    try reader.forEachRow([.timestamp, .type], ids: ids, ascending: true) { row in
      let timestamp = Timestamp(milliseconds: row.integer(.timestamp))
      guard start <= timestamp, timestamp < end else { throw Self.damage }
      if let type = EventType(name: row.bytes(.type).span) { histogram.add(of: type, at: timestamp) }
      return true
    }
  }

  /// The error for timestamps that no clock has given: they go back where the log has no note of it, or cannot be
  /// written.
  private static let damage = EventStoreError(.damaged, cause: "the timestamps of the log are damaged")
}
