import Synchronization

/// A log that lives as long as the process: the executable specification of `EventStore`.
public final class MemoryEventStore: EventStore {
  private let events = Mutex<[Event]>([])
  /// The number of calls of `append` that recorded something, and the number of events they recorded.
  private let commits = Mutex((count: 0, events: 0))
  private let logID = Int64.random(in: .min ... .max)
  private let now: @Sendable () -> Timestamp

  /// Creates an empty log.
  ///
  /// - Parameter now: the clock that timestamps are read from.
  public init(now: @escaping @Sendable () -> Timestamp = Timestamp.now) {
    self.now = now
  }

  @discardableResult
  public func append(_ drafts: [EventDraft]) async throws(EventStoreError) -> [Event] {
    if drafts.isEmpty { return [] }
    return events.withLock { events in
      let timestamp = now()
      let lastNumber = events.last?.id.number ?? 0
      let appended = zip(1..., drafts).compactMap { offset, draft in
        EventID(lastNumber + offset).map { Event(id: $0, timestamp: timestamp, draft: draft) }
      }
      events += appended
      commits.withLock { $0 = ($0.count + 1, $0.events + appended.count) }
      return appended
    }
  }

  public func page<Item: EventPageItem>(
    _ query: EventQuery, of item: Item.Type
  ) async throws(EventStoreError) -> EventPage<Item> {
    let events = events.withLock(\.self)
    let lastID = query.lastID ?? events.last?.id
    let matching = events.filter { event in
      lastID.map { event.id <= $0 } ?? true && query.filter.matches(event)
    }
    let positions = matching.map { event in (EventPosition(of: event, by: query.sort), event) }
    let beyond = positions.filter { position, _ in
      guard let border = query.cursor?.position else { return true }
      return query.readsAscending ? position > border : position < border
    }
    let sorted = beyond.sorted { query.readsAscending ? $0.0 < $1.0 : $0.0 > $1.0 }
    let found = sorted.prefix(query.readLimit).map { _, event in Item(event, by: query.sort) }
    return EventPage(found: found, of: query, state: state(of: events))
  }

  public func event(_ id: EventID) async throws(EventStoreError) -> Event? {
    events.withLock { $0.first { $0.id == id } }
  }

  public func state() async throws(EventStoreError) -> LogState {
    state(of: events.withLock(\.self))
  }

  private func state(of events: [Event]) -> LogState {
    let newest = events.last.map { LogState.Newest(id: $0.id, timestamp: $0.timestamp) }
    return LogState(logID: logID, newest: newest, removals: 0)
  }

  public func statistics() async throws(EventStoreError) -> StoreStatistics {
    let commits = commits.withLock(\.self)
    return StoreStatistics(
      events: events.withLock(\.count), disk: nil, commits: commits.count, committedEvents: commits.events)
  }

  public func histogram(_ query: HistogramQuery) async throws(HistogramError) -> EventHistogram {
    let events = events.withLock(\.self).filter(query.filter.matches)
    let timestamps = events.map(\.timestamp)
    var histogram: EventHistogram
    do {
      let span = timestamps.min().flatMap { first in timestamps.max().map { first...$0 } }
      histogram = try EventHistogram(spanning: span, query.resolution)
    } catch {
      throw .invalid(error)
    }
    for event in events { histogram.add(of: event.draft.type, at: event.timestamp) }
    return histogram
  }

  public func restore(
    _ restored: [Event], after lastID: EventID?
  ) async throws(EventStoreError) -> Bool {
    events.withLock { events in
      guard events.last?.id == lastID else { return false }
      events += restored
      return true
    }
  }
}
