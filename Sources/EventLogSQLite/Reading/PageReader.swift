import EventLog
import GRDB
import Text

/// Finds the events of a page, in one read transaction.
struct PageReader<Item: EventPageItem> {
  private let database: Database
  private let query: EventQuery
  /// The ids that the events can have, as far as time bounds and `lastID` tell.
  private let ids: IDRange

  /// The error for a page that cannot be found without reading events that are not on it.
  struct ScanIsNeeded: Error {}

  /// - Parameters:
  ///   - query: the page's query.
  ///   - mayScan: whether events may be scanned for their timestamps if the clock was set back so often that time bounds
  ///     cannot be looked up.
  ///   - database: a connection in a read transaction.
  /// - Throws: `ScanIsNeeded` if that is the case and `mayScan` is false, or any error from SQLite.
  init(_ query: EventQuery, mayScan: Bool, _ database: Database) throws {
    self.database = database
    self.query = query
    var ids = IDRange(upper: query.lastID?.number ?? .max)
    if query.filter.since != nil || query.filter.until != nil {
      if let clock = try ClockRuns.few(database) {
        ids = ids.intersection(try clock.ids(since: query.filter.since, until: query.filter.until))
      } else if !mayScan {
        throw ScanIsNeeded()
      }
    }
    self.ids = ids
  }

  func page() throws -> EventPage<Item> {
    var found = FoundEvents<Item>(query)
    switch query.sort {
    case .timestamp: try read(query.filter, from: query.cursor?.position.id, into: &found)
    case .type: try readTypes(into: &found)
    case .source: try readSources(into: &found)
    }
    return EventPage(
      found: found.events, of: query, state: try database.logState(), isCut: found.isCut)
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

  /// Reads one source after another, each in the order of recording.
  private func readSources(into found: inout FoundEvents<Item>) throws {
    if !query.filter.isEverything {
      let reader = try FilterReader(query.filter, ids: ids, estimates: true, database)
      if reader.leadsToFewEvents { return try sortFew(reader, into: &found) }
    }
    let cursor = query.cursor?.position
    var source = try query.filter.source ?? cursor?.key ?? nextSource(after: nil)
    while let current = source, !found.isEnough {
      let filter = EventCondition.all([query.filter, .source(current)])
      let isFirst = cursor?.key == current
      try read(filter, from: isFirst ? cursor?.id : nil, alongSource: true, into: &found)
      source = query.filter.source == nil ? try nextSource(after: current) : nil
    }
  }

  /// Returns the next source in the order of reading, regardless of the filter.
  private func nextSource(after source: Text?) throws -> Text? {
    let (comparison, order) = query.readsAscending ? (">", "ASC") : ("<", "DESC")
    let statement = try database.cachedStatement(
      sql: """
        SELECT source FROM event INDEXED BY event_by_source
        \(source == nil ? "" : "WHERE source \(comparison) ?") ORDER BY source \(order) LIMIT 1
        """)
    var next: Text?
    try statement.forEachRow(source.map { [$0.string] } ?? []) { row in
      next = Text(try row.text(0))
      return false
    }
    return next
  }

  private func sortFew(_ reader: FilterReader, into found: inout FoundEvents<Item>) throws {
    var matching: [(position: EventPosition, item: Item)] = []
    try reader.forEachRow(EventColumn.all, ids: ids, ascending: true) { row in
      let item: Item = try EventRow(row).item(by: query.sort)
      let position = item.position(by: query.sort)
      let isBeyond = query.cursor.map {
        query.readsAscending ? position > $0.position : position < $0.position
      }
      if isBeyond ?? true { matching.append((position, item)) }
      return true
    }
    matching.sort { query.readsAscending ? $0.position < $1.position : $0.position > $1.position }
    for (_, item) in matching where !found.isEnough { found.append(item) }
  }

  /// Reads the events that the page still lacks, in the order of recording.
  ///
  /// - Parameters:
  ///   - filter: the query's filter, which may have been narrowed.
  ///   - position: the event after which reading resumes; nil reads from the start.
  ///   - isAlongSource: whether the filter's source is so narrow that no other index needs to be considered.
  ///   - found: the events that were read before, to which the new ones are appended.
  /// - Throws: any error from SQLite.
  private func read(
    _ filter: EventCondition, from position: EventID?, alongSource isAlongSource: Bool = false,
    into found: inout FoundEvents<Item>
  ) throws {
    let ids = position.map { self.ids.beyond($0, ascending: query.readsAscending) } ?? ids
    if ids.isEmpty || found.isEnough { return }
    let reader =
      if isAlongSource, let source = filter.source {
        FilterReader(filter, path: .source(source, types: filter.possibleTypes), database)
      } else {
        try FilterReader(filter, ids: ids, database)
      }
    try reader.forEachRow(EventColumn.all, ids: ids, ascending: query.readsAscending) { row in
      found.append(try EventRow(row).item(by: query.sort))
      return !found.isEnough
    }
  }
}
