import EventIndex
import EventLog

/// Finds all events of a segment that match a filter. The ones that the index does not decide are read.
struct MatchingPositions {
  private let filter: EventCondition
  private let view: IndexView

  init(_ filter: EventCondition, _ view: IndexView) {
    self.filter = filter
    self.view = view
  }

  /// - Parameters:
  ///   - reader: reads the segment.
  ///   - ids: the ids to look among.
  /// - Returns: the events.
  /// - Throws: `IndexDamage`, any error from SQLite, or an error when a text that decides is not valid.
  func events(_ reader: SegmentReader, _ ids: IDRange) throws -> PositionSet {
    let selection = try reader.selection(of: filter)
    let column = try reader.ids()
    let range = column.position(of: ids.lower)..<column.position(of: ids.upper.addingClamped(1))
    let within = PositionSet(range, capacity: column.count)
    var matching = selection.possible.subtracting(selection.undecided).intersection(within)
    let undecided = selection.undecided.intersection(within)
    if undecided.isEmpty { return matching }
    _ = try EventRows(filter.columns, view.database).forEach(
      FoundPositions(selection: Selection(undecided: undecided), ids: column), in: ids, ascending: true
    ) { row, _ in
      if try filter.matches(row) { matching.insert(column.position(of: row.integer(.id))) }
      return true
    }
    return matching
  }
}
