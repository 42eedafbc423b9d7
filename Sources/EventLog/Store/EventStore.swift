/// Where events are kept. These comments are the contract; every store passes the same suite of tests.
///
/// What holds for every store:
/// - Commit order is id order: a reader that has seen an event never later finds an older id that it was
///   not shown.
/// - Calls may come from any number of tasks at once. Cancelling the task of a read ends the read.
/// - Errors are `EventStoreError`; after one the store is as it was before the call.
public protocol EventStore: Sendable {
  /// Records events.
  ///
  /// When it returns, the events are as durable as the store can make them. They stand in the log next to
  /// each other, in the order given, with ids above all earlier ones and one timestamp. All are recorded or none.
  ///
  /// - Parameter drafts: what to record; empty does nothing.
  /// - Returns: the events, in the order of `drafts`.
  /// - Throws: `EventStoreError`; none of the drafts is recorded then.
  @discardableResult
  func append(_ drafts: [EventDraft]) async throws(EventStoreError) -> [Event]

  /// Reads one page of the events that match a query.
  ///
  /// It costs the same anywhere in the log: pages are found by the position of an event, never by counting.
  ///
  /// - Parameters:
  ///   - query: which events, and which page of them.
  ///   - item: the form of the events.
  /// - Returns: at most `query.pageSize` events as they were at one moment; fewer than there are only where they take
  ///   more than `query.pageBytes`.
  /// - Throws: `EventStoreError`; with the reason `timedOut` when a page takes longer to find than the store
  ///   allows. Where everything is asked for (`query.limit` is nil), there is no limit of time.
  func page<Item: EventPageItem>(
    _ query: EventQuery, of item: Item.Type
  ) async throws(EventStoreError) -> EventPage<Item>

  /// Reads one event.
  ///
  /// - Parameter id: of the event.
  /// - Returns: nil when there is none with this id.
  /// - Throws: `EventStoreError`.
  func event(_ id: EventID) async throws(EventStoreError) -> Event?

  /// The newest event's id; nil when the log is empty. The cheapest proof that the store can be read.
  ///
  /// - Returns: no event that is recorded later has this id or an older one.
  /// - Throws: `EventStoreError`.
  func lastID() async throws(EventStoreError) -> EventID?

  /// How large the log is, found without counting, and what this process has recorded in it.
  ///
  /// - Throws: `EventStoreError`.
  func statistics() async throws(EventStoreError) -> StoreStatistics

  /// Counts events of each type in intervals of time.
  ///
  /// - Parameter query: which events, and how long the intervals are.
  /// - Returns: the counts at one moment; the intervals reach from the first to the last event that matches.
  /// - Throws: `HistogramError`.
  func histogram(_ query: HistogramQuery) async throws(HistogramError) -> EventHistogram

  /// Puts events with their ids and timestamps into the log, if nobody else has put one there meanwhile.
  ///
  /// - Parameters:
  ///   - events: with rising ids, above `lastID`.
  ///   - lastID: the newest id that was ever given; nil when none was.
  /// - Returns: false, and nothing is done, when the newest id that was ever given is another one.
  /// - Throws: `EventStoreError`; none of the events is recorded then.
  func restore(_ events: [Event], after lastID: EventID?) async throws(EventStoreError) -> Bool

  /// Proves that the store can be read and, where an append has failed since one succeeded, that it records again.
  /// It costs next to nothing as long as appends succeed.
  ///
  /// - Throws: `EventStoreError`, as a read or an append would.
  func checkAvailability() async throws(EventStoreError)
}

extension EventStore {
  /// Reads one page of events as values; see `page(_:of:)` for what is promised.
  public func page(_ query: EventQuery) async throws(EventStoreError) -> EventPage<Event> {
    try await page(query, of: Event.self)
  }

  /// What proves it where appends cannot fail.
  public func checkAvailability() async throws(EventStoreError) {
    _ = try await lastID()
  }

  /// Records one event; see `append(_:)` for what is promised.
  @discardableResult
  public func append(_ draft: EventDraft) async throws(EventStoreError) -> Event {
    let events = try await append([draft])
    return events[0]
  }
}

/// Why a store could not make a histogram.
public enum HistogramError: Error, Sendable {
  /// The intervals that were asked for are too many for the events that match.
  case invalid(InvalidQuery)
  case store(EventStoreError)
}
