import EventIndex
import EventLog
import GRDB

/// Counts the values of a member, in one read transaction.
struct FacetReader {
  private let view: IndexView
  private let query: FacetQuery

  init(_ query: FacetQuery, _ view: IndexView) {
    self.view = view
    self.query = query
  }

  /// - Throws: `EventStoreError` when an event that has to be read is damaged, or any error from SQLite.
  func facets() throws -> EventFacets {
    var counter = FacetCounter(query.member)
    let matches = MatchingPositions(query.filter, view)
    // If there are too many values, those of the newest events are counted.
    for piece in view.pieces(in: IDRange(), ascending: false) {
      let counted = try view.asking(piece) { reader in
        var counter = counter
        let unknown = try reader.count(
          query.member, of: try matches.events(reader, piece.ids), into: &counter)
        return (counter, unknown, try reader.ids())
      }
      guard let counted else {
        try FilterReader.everyRow(EventColumn.all, query.filter, in: piece.ids, view.database) {
          counter.add(event: query.member.keys(of: try EventRow($0).item()))
        }
        continue
      }
      counter = counted.0
      _ = try EventRows(EventColumn.all, view.database).forEach(
        FoundPositions(selection: Selection(undecided: counted.1), ids: counted.2), in: piece.ids,
        ascending: true
      ) { row, _ in
        counter.add(event: query.member.keys(of: try EventRow(row).item()))
        return true
      }
    }
    return counter.facets(limit: query.limit)
  }
}
