import EventIndex
import EventLog
import GRDB

/// Counts events by time interval, in one read transaction.
struct HistogramReader {
  private let view: IndexView
  private let query: HistogramQuery

  init(_ query: HistogramQuery, _ view: IndexView) {
    self.view = view
    self.query = query
  }

  /// What a part of the log contributes.
  private enum Part {
    /// The matching events of a segment.
    case segment(LogPiece, PositionSet)
    /// Events that have to be read.
    case rows(IDRange)
  }

  /// - Throws: `InvalidQuery` when there are too many intervals, `EventStoreError` when the times of the log's
  ///   events are damaged, or any error from SQLite.
  func histogram() throws -> EventHistogram {
    var span: ClosedRange<Timestamp>?
    var parts: [Part] = []
    for piece in view.pieces {
      let part = try part(piece, &span)
      if let part { parts.append(part) }
    }
    if let span, span.lowerBound < .earliest || .latest < span.upperBound { throw Self.damage }
    var histogram = try EventHistogram(of: query, spanning: span)
    for part in parts {
      switch part {
      case .rows(let ids): try count(ids, into: &histogram)
      case .segment(let piece, let events):
        if let counts = try view.asking(piece, { try $0.counts(of: events, by: query.time, in: histogram) }) {
          for count in counts where count.count > 0 {
            histogram.add(count.count, of: count.type, at: Timestamp(milliseconds: count.moment))
          }
        } else {
          try count(piece.ids, into: &histogram)
        }
      }
    }
    return histogram
  }

  /// Finds the matching events of a part, and extends the span of their times.
  private func part(_ piece: LogPiece, _ span: inout ClosedRange<Timestamp>?) throws -> Part? {
    let found = try view.asking(piece) { reader in
      let events = try MatchingPositions(query.filter, view).events(reader, piece.ids)
      return (events, try reader.span(of: query.time, events, beyond: span))
    }
    guard let found else {
      try FilterReader.everyRow(query.time.columns, query.filter, in: piece.ids, view.database) { row in
        span.include(row.moment(of: query.time))
      }
      return .rows(piece.ids)
    }
    if found.0.isEmpty { return nil }
    if let moments = found.1 {
      span.include(moments.lowerBound)
      span.include(moments.upperBound)
    }
    return .segment(piece, found.0)
  }

  private func count(_ ids: IDRange, into histogram: inout EventHistogram) throws {
    try FilterReader.everyRow(query.time.columns.union([.type]), query.filter, in: ids, view.database) {
      row in
      if let type = EventType(name: row.bytes(.type).span) {
        histogram.add(of: type, at: row.moment(of: query.time))
      }
    }
  }

  /// The error for times that cannot be written.
  private static let damage = EventStoreError(.damaged, cause: "the times of the log's events are damaged")
}

extension ClosedRange<Timestamp>? {
  fileprivate mutating func include(_ moment: Timestamp) {
    self = self.map { min($0.lowerBound, moment)...max($0.upperBound, moment) } ?? moment...moment
  }
}
