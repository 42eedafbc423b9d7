/// Something that events can be read from, page by page: a store, or a log that is only read.
public protocol EventPageSource: Sendable {
  /// Reads one page of the events that match a query.
  ///
  /// It costs the same anywhere in the log: pages are found by the position of an event, never by counting.
  ///
  /// - Parameters:
  ///   - query: the events to read, and the page of them.
  ///   - item: the form in which the page holds the events.
  /// - Returns: at most `query.pageSize` events as they were at one moment. A page that is not the last has fewer
  ///   events only when they take up more than `query.pageBytes` bytes.
  /// - Throws: `EventStoreError`; its reason is `timedOut` when finding the page takes longer than the store allows. No
  ///   time limit applies when all events are requested (`query.limit` is nil).
  func page<Item: EventPageItem>(
    _ query: EventQuery, of item: Item.Type
  ) async throws(EventStoreError) -> EventPage<Item>
}

extension EventPageSource {
  /// Reads one page of events as values. The contract is that of `page(_:of:)`.
  ///
  /// - Parameter query: the events to read, and the page of them.
  /// - Returns: the page.
  /// - Throws: `EventStoreError`.
  public func page(_ query: EventQuery) async throws(EventStoreError) -> EventPage<Event> {
    try await page(query, of: Event.self)
  }
}
