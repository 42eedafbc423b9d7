import EventLog
import GRDB
import Text

/// Finds the events of a page, in one read transaction.
struct PageReader<Item: EventPageItem> {
  private let view: IndexView
  private let query: EventQuery
  /// The ids that the events can have, as far as `after` and `lastID` tell.
  private let ids: IDRange

  /// - Parameters:
  ///   - query: the page's query.
  ///   - view: the log's index.
  init(_ query: EventQuery, _ view: IndexView) {
    self.view = view
    self.query = query
    ids = IDRange(lower: (query.after?.number ?? 0) + 1, upper: query.lastID?.number ?? .max)
  }

  /// - Throws: any error from SQLite, or `EventStoreError` when an event is damaged.
  func page() throws -> EventPage<Item> {
    var found = FoundEvents<Item>(query)
    switch query.sort {
    case .timestamp: try read(query.filter, from: query.cursor?.position.id, into: &found)
    case .type: try readTypes(into: &found)
    case .source: try readSources(into: &found)
    }
    return EventPage(
      found: found.events, of: query, state: try view.database.logState(), isCut: found.isCut)
  }

  /// Reads one type after another, each in the order of recording.
  private func readTypes(into found: inout FoundEvents<Item>) throws {
    let types = query.filter.possibleTypes
    for type in query.readsAscending ? types : types.reversed() {
      var position: EventID?
      if let cursor = query.cursor?.position, let key = cursor.key {
        let name = Text(type.rawValue)
        if query.readsAscending ? name < key : name > key { continue }
        if name == key { position = cursor.id }
      }
      try read(.all([query.filter, .type(type)]), from: position, into: &found)
    }
  }

  /// Reads the events that come first in the order of sources.
  private func readSources(into found: inout FoundEvents<Item>) throws {
    let first = try SourceOrder(query, view).first(in: ids)
    let rows = EventRows(EventColumn.all, view.database)
    for position in first where !found.isEnough {
      _ = try rows.forEach(in: IDRange(lower: position.id.number, upper: position.id.number), ascending: true)
      {
        found.append(try EventRow($0).item(by: query.sort))
        return false
      }
    }
  }

  /// Reads the events that the page still lacks, in the order of recording.
  ///
  /// - Parameters:
  ///   - filter: the query's filter, which may have been narrowed.
  ///   - position: the event after which reading resumes; nil reads from the start.
  ///   - found: the events that were read before, to which the new ones are appended.
  /// - Throws: any error from SQLite.
  private func read(
    _ filter: EventCondition, from position: EventID?, into found: inout FoundEvents<Item>
  ) throws {
    let ids = position.map { self.ids.beyond($0, ascending: query.readsAscending) } ?? ids
    if ids.isEmpty || found.isEnough { return }
    try FilterReader(filter, view).forEachRow(EventColumn.all, ids: ids, ascending: query.readsAscending) {
      row in
      found.append(try EventRow(row).item(by: query.sort))
      return !found.isEnough
    }
  }
}
