import Synchronization

/// A log that lives as long as the process: the executable specification of `EventStore`.
public final class MemoryEventStore: EventStore {
  private let events = Mutex<[Event]>([])
  private let now: @Sendable () -> Timestamp

  /// - Parameter now: the clock that timestamps are read from.
  public init(now: @escaping @Sendable () -> Timestamp = Timestamp.now) {
    self.now = now
  }

  @discardableResult
  public func append(_ drafts: [EventDraft]) async throws(EventStoreError) -> [Event] {
    events.withLock { events in
      let timestamp = now()
      let lastNumber = events.last?.id.number ?? 0
      let appended = zip(1..., drafts).compactMap { offset, draft in
        EventID(lastNumber + offset).map { Event(id: $0, timestamp: timestamp, draft: draft) }
      }
      events += appended
      return appended
    }
  }

  public func page(_ query: EventQuery) async throws(EventStoreError) -> EventPage {
    let events = events.withLock(\.self)
    let end = query.lastID.map { events.firstIndex(after: $0) } ?? events.endIndex
    let position = query.cursor?.position
    func matches(_ event: Event) -> Bool {
      query.types.isEmpty || query.types.contains(event.draft.type)
    }
    let found =
      if query.readsAscending {
        Array(
          events[min(end, position.map(events.firstIndex(after:)) ?? 0)..<end].lazy
            .filter(matches).prefix(query.readLimit))
      } else {
        Array(
          events[..<min(end, position.map(events.firstIndex(notBefore:)) ?? end)].reversed().lazy
            .filter(matches).prefix(query.readLimit))
      }
    return EventPage(found: found, of: query)
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

  public func restore(_ restored: [Event]) async throws(EventStoreError) -> Bool {
    events.withLock { events in
      guard events.isEmpty else { return false }
      events = restored
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
