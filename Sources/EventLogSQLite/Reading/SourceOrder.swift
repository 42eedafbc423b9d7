import EventIndex
import EventLog
import Text

/// Finds the events of a page that is sorted by source: those that come first beyond the cursor.
///
/// It walks along the log once and keeps the best that it has seen. In a segment, sources are in order, so nothing is
/// looked at behind the worst of those that are kept.
struct SourceOrder {
  private let query: EventQuery
  private let view: IndexView

  init(_ query: EventQuery, _ view: IndexView) {
    self.query = query
    self.view = view
  }

  private var isAscending: Bool { query.readsAscending }

  /// - Parameter ids: the ids to look among.
  /// - Returns: the positions of as many events as the page and its links need, in the order of reading.
  /// - Throws: any error from SQLite, or `EventStoreError` when an event is damaged.
  func first(in ids: IDRange) throws -> [EventPosition] {
    var best = BestPositions(query)
    for piece in view.pieces(in: ids, ascending: isAscending) {
      let candidates = try view.asking(piece) { try self.candidates($0, piece.ids, best) }
      if let candidates {
        for candidate in candidates {
          guard best.accepts(candidate.position) else { continue }
          if try candidate.isDecided || matches(candidate.position.id) { best.insert(candidate.position) }
        }
      } else {
        try FilterReader.everyRow([.source], query.filter, in: piece.ids, view.database) { row in
          guard let id = EventID(row.integer(.id)) else { return }
          best.insert(EventPosition(key: Text(try row.text(.source)), id: id))
        }
      }
    }
    return best.positions
  }

  private struct Candidate {
    let position: EventPosition
    let isDecided: Bool
  }

  /// Returns the events of a segment that may be better than the worst that is kept.
  private func candidates(
    _ reader: SegmentReader, _ ids: IDRange, _ best: BestPositions
  ) throws -> [Candidate] {
    let selection = try reader.selection(of: query.filter)
    if selection.possible.isEmpty { return [] }
    let column = try reader.ids()
    let range = column.position(of: ids.lower)..<column.position(of: ids.upper.addingClamped(1))
    let possible = selection.possible.intersection(PositionSet(range, capacity: column.count))
    var candidates: [Candidate] = []
    var best = best
    try reader.forEachValue(of: .source, from: query.cursor?.position.key, ascending: isAscending) {
      source, events in
      let key = Text(String(decoding: source, as: UTF8.self))
      if best.isBehind(key) { return false }
      try events().intersection(possible).forEach(ascending: isAscending) { position in
        guard let id = EventID(column[position]) else { return true }
        let candidate = EventPosition(key: key, id: id)
        guard best.isBeyondCursor(candidate) else { return true }
        // The events after it are from the same source, and come later.
        guard best.accepts(candidate) else { return false }
        let isDecided = !selection.undecided.contains(position)
        candidates.append(Candidate(position: candidate, isDecided: isDecided))
        if isDecided { best.insert(candidate) }
        return true
      }
      return true
    }
    return candidates
  }

  private func matches(_ id: EventID) throws -> Bool {
    var matches = false
    let ids = IDRange(lower: id.number, upper: id.number)
    try FilterReader.everyRow([], query.filter, in: ids, view.database) { _ in matches = true }
    return matches
  }
}
