/// A log, or a part of one, whose events can be found, shown, counted and awaited.
public protocol ReadableLog: EventPageSource {
  /// Reads one event.
  ///
  /// - Parameter id: the event's id.
  /// - Returns: the event; nil when no event has this id.
  /// - Throws: `EventStoreError`.
  func event(_ id: EventID) async throws(EventStoreError) -> Event?

  /// Reads the state of the log. This is the cheapest proof that the store can be read.
  ///
  /// - Returns: the state. No event that is recorded later has the newest event's id or an older one.
  /// - Throws: `EventStoreError`.
  func state() async throws(EventStoreError) -> LogState

  /// Suspends until an event has been recorded after another one, by whichever process. It costs nothing while nothing is
  /// recorded.
  ///
  /// - Parameter id: the newest event that the caller knows; nil waits for the first one.
  /// - Throws: `EventStoreError`; the reason is `cancelled` when the caller's task was cancelled.
  func untilRecorded(after id: EventID?) async throws(EventStoreError)

  /// Reads how large the log is, without counting, and how much this process has recorded in it.
  ///
  /// - Returns: the statistics.
  /// - Throws: `EventStoreError`.
  func statistics() async throws(EventStoreError) -> StoreStatistics

  /// Counts events of each type in intervals of time.
  ///
  /// - Parameter query: the events to count, and the length of the intervals.
  /// - Returns: the counts at one moment. The intervals extend from the filter's `since`, or else the first event that
  ///   matches, to its `until`, or else the query's `end` and the last event that matches.
  /// - Throws: `HistogramError`.
  func histogram(_ query: HistogramQuery) async throws(HistogramError) -> EventHistogram

  /// Counts the most frequent values of a member.
  ///
  /// - Parameter query: the events to count, the member, and the number of values.
  /// - Returns: the counts at one moment. They are exact unless the member has more than `FacetQuery.maximumValues` different
  ///   values, or some that are longer than `FacetQuery.maximumValueSize`; then it says so.
  /// - Throws: `EventStoreError`.
  func facets(_ query: FacetQuery) async throws(EventStoreError) -> EventFacets
}
