import Synchronization

/// A log that lives as long as the process: the executable specification of `EventStore`.
public final class MemoryEventStore: EventStore {
  private let events = Mutex<[Event]>([])
  /// Calls of `append` that recorded something.
  private let commits = Mutex((count: 0, events: 0))
  private let now: @Sendable () -> Timestamp

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

  public func page(_ query: EventQuery) async throws(EventStoreError) -> EventPage<Event> {
    let events = events.withLock(\.self)
    let considered = events[..<(query.lastID.map(events.firstIndex(after:)) ?? events.endIndex)]
    let position = query.cursor?.position
    guard query.sort == .timestamp else {
      let positions = considered.lazy.filter(query.filter.matches)
        .map { (position: EventPosition(of: $0, by: query.sort), event: $0) }
        .filter { found in
          position.map { query.readsAscending ? found.position > $0 : found.position < $0 } ?? true
        }
        .sorted { query.readsAscending ? $0.position < $1.position : $0.position > $1.position }
      return EventPage(
        found: positions.prefix(query.readLimit).map(\.event), of: query, lastID: events.last?.id)
    }
    // In the order of recording, there is no need to look at more than the page.
    let found =
      if query.readsAscending {
        Array(
          considered[min(considered.endIndex, position.map { events.firstIndex(after: $0.id) } ?? 0)...]
            .lazy.filter(query.filter.matches).prefix(query.readLimit))
      } else {
        Array(
          considered[
            ..<min(considered.endIndex, position.map { events.firstIndex(notBefore: $0.id) } ?? .max)
          ]
          .reversed().lazy.filter(query.filter.matches).prefix(query.readLimit))
      }
    return EventPage(found: found, of: query, lastID: events.last?.id)
  }

  public func event(_ id: EventID) async throws(EventStoreError) -> Event? {
    events.withLock { events in
      let index = events.firstIndex(notBefore: id)
      return index < events.endIndex && events[index].id == id ? events[index] : nil
    }
  }

  public func lastID() async throws(EventStoreError) -> EventID? {
    events.withLock { $0.last?.id }
  }

  public func statistics() async throws(EventStoreError) -> StoreStatistics {
    let commits = commits.withLock(\.self)
    return StoreStatistics(
      events: events.withLock(\.count), size: nil, commits: commits.count, committedEvents: commits.events)
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

/// Binary searches in events with rising ids.
extension [Event] {
  fileprivate func firstIndex(after id: EventID) -> Int {
    firstIndex { $0.id > id }
  }

  fileprivate func firstIndex(notBefore id: EventID) -> Int {
    firstIndex { $0.id >= id }
  }

  /// - Parameter isBeyond: false up to some index, true from there on.
  /// - Returns: that index.
  private func firstIndex(isBeyond: (Event) -> Bool) -> Int {
    var range = startIndex..<endIndex
    while let middle = range.isEmpty ? nil : (range.lowerBound + range.upperBound) / 2 {
      range = isBeyond(self[middle]) ? range.lowerBound..<middle : middle + 1..<range.upperBound
    }
    return range.lowerBound
  }
}
