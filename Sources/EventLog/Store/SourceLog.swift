public import Text

/// The events of one source of a log, as if the log had no others: nothing that it answers depends on an event of another
/// source, except that ids have gaps.
public struct SourceLog: ReadableLog {
  private let log: any ReadableLog
  private let source: Text

  /// - Parameters:
  ///   - source: the source whose events are read.
  ///   - log: the log.
  public init(of source: Text, in log: any ReadableLog) {
    self.log = log
    self.source = source
  }

  /// Returns the condition that an event meets another one, and has the source.
  public static func narrowing(_ filter: EventCondition, to source: Text) -> EventCondition {
    .all([.source(source), filter])
  }

  private func narrowed(_ filter: EventCondition) -> EventCondition { Self.narrowing(filter, to: source) }

  public func page<Item: EventPageItem>(
    _ query: EventQuery, of item: Item.Type
  ) async throws(EventStoreError) -> EventPage<Item> {
    // What is recorded between the two reads is on the page, and the state does not yet have it.
    let state = try await state()
    var narrow = query
    narrow.filter = narrowed(query.filter)
    let page = try await log.page(narrow, of: item)
    func widened(_ other: EventQuery?) -> EventQuery? {
      other.map {
        var other = $0
        other.filter = query.filter
        return other
      }
    }
    return EventPage(
      events: page.events, next: widened(page.next), previous: widened(page.previous), state: state)
  }

  public func event(_ id: EventID) async throws(EventStoreError) -> Event? {
    guard let event = try await log.event(id), Text(event.draft.source) == source else { return nil }
    return event
  }

  public func state() async throws(EventStoreError) -> LogState {
    let state = try await log.state()
    var query = EventQuery()
    query.filter = narrowed(.everything)
    query.order = .descending
    query.limit = 1
    let newest = try await log.page(query).events.first
    var digest = FNV1a()
    digest.add(UInt64(bitPattern: state.logID))
    digest.add(source.utf8.span)
    return LogState(
      logID: Int64(bitPattern: digest.value),
      newest: newest.map { LogState.Newest(id: $0.id, timestamp: $0.timestamp) }, removals: state.removals)
  }

  public func untilRecorded(after id: EventID?) async throws(EventStoreError) {
    while true {
      let known = try await log.state().lastID
      if try await state().lastID.map({ last in id.map { $0 < last } ?? true }) ?? false { return }
      try await log.untilRecorded(after: known)
    }
  }

  public func statistics() async throws(EventStoreError) -> StoreStatistics {
    var query = FacetQuery(.source)
    query.filter = narrowed(.everything)
    query.limit = 1
    return StoreStatistics(
      events: try await log.facets(query).total, indexedEvents: nil, disk: nil, commits: 0, committedEvents: 0
    )
  }

  public func histogram(_ query: HistogramQuery) async throws(HistogramError) -> EventHistogram {
    var query = query
    query.filter = narrowed(query.filter)
    return try await log.histogram(query)
  }

  public func facets(_ query: FacetQuery) async throws(EventStoreError) -> EventFacets {
    var query = query
    query.filter = narrowed(query.filter)
    return try await log.facets(query)
  }
}
