public import EventLog

/// A store that does what another one does, except for what a test overrides.
public protocol WrappingStore: EventStore {
  var log: MemoryEventStore { get }
}

extension WrappingStore {
  public func append(_ drafts: [EventDraft]) async throws(EventStoreError) -> [Event] {
    try await log.append(drafts)
  }

  public func page<Item: EventPageItem>(
    _ query: EventQuery, of item: Item.Type
  ) async throws(EventStoreError) -> EventPage<Item> {
    try await log.page(query, of: item)
  }

  public func append(
    _ drafts: [EventDraft], under key: IdempotencyKey
  ) async throws(EventStoreError) -> [Event]? {
    try await log.append(drafts, under: key)
  }

  public func untilRecorded(after id: EventID?) async throws(EventStoreError) {
    try await log.untilRecorded(after: id)
  }

  public func event(_ id: EventID) async throws(EventStoreError) -> Event? { try await log.event(id) }

  public func state() async throws(EventStoreError) -> LogState { try await log.state() }

  public func restore(_ events: [Event], after lastID: EventID?) async throws(EventStoreError) -> Bool {
    try await log.restore(events, after: lastID)
  }

  public func record(_ part: ImportPart) async throws(EventStoreError) -> ImportPart.Outcome? {
    try await log.record(part)
  }

  public func unfinishedImports() async throws(EventStoreError) -> [ImportProgress] {
    try await log.unfinishedImports()
  }

  public func endImport(_ progress: ImportProgress) async throws(EventStoreError) {
    try await log.endImport(progress)
  }

  public func statistics() async throws(EventStoreError) -> StoreStatistics { try await log.statistics() }

  public func facets(_ query: FacetQuery) async throws(EventStoreError) -> EventFacets {
    try await log.facets(query)
  }

  public func histogram(_ query: HistogramQuery) async throws(HistogramError) -> EventHistogram {
    try await log.histogram(query)
  }
}
