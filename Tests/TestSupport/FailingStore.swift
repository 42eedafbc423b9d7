public import EventLog

/// A store that cannot do anything.
public struct FailingStore: EventStore {
  private let error: EventStoreError

  public init(_ reason: EventStoreError.Reason = .unavailable, cause: String = "secret cause") {
    error = EventStoreError(reason, cause: cause)
  }

  public func append(_ drafts: [EventDraft]) async throws(EventStoreError) -> [Event] { throw error }

  public func page<Item: EventPageItem>(
    _ query: EventQuery, of item: Item.Type
  ) async throws(EventStoreError) -> EventPage<Item> { throw error }

  public func append(
    _ drafts: [EventDraft], under key: IdempotencyKey
  ) async throws(EventStoreError) -> [Event]? { throw error }

  public func untilRecorded(after id: EventID?) async throws(EventStoreError) { throw error }

  public func event(_ id: EventID) async throws(EventStoreError) -> Event? { throw error }

  public func state() async throws(EventStoreError) -> LogState { throw error }

  public func restore(_ events: [Event], after lastID: EventID?) async throws(EventStoreError) -> Bool {
    throw error
  }

  public func record(_ part: ImportPart) async throws(EventStoreError) -> ImportPart.Outcome? { throw error }

  public func unfinishedImports() async throws(EventStoreError) -> [ImportProgress] { throw error }

  public func endImport(_ progress: ImportProgress) async throws(EventStoreError) { throw error }

  public func statistics() async throws(EventStoreError) -> StoreStatistics { throw error }

  public func facets(_ query: FacetQuery) async throws(EventStoreError) -> EventFacets {
    throw error
  }

  public func histogram(_ query: HistogramQuery) async throws(HistogramError) -> EventHistogram {
    throw .store(error)
  }
}
