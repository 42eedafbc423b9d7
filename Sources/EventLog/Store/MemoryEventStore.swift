import Synchronization

/// A log that lives as long as the process: the executable specification of `EventStore`.
public final class MemoryEventStore: EventStore {
  private let events = Mutex<[Event]>([])
  /// The number of calls of `append` that recorded something, and the number of events they recorded.
  private let commits = Mutex((count: 0, events: 0))
  private let imports = Mutex<[ImportProgress]>([])
  /// The appends under keys, oldest first.
  private let keyed = Mutex<[(key: IdempotencyKey, events: [Event])]>([])
  private let idempotencyWindow: Duration
  private let bell = Bell()
  private let logID = Int64.random(in: .min ... .max)
  private let now: @Sendable () -> Timestamp

  /// Creates an empty log.
  ///
  /// - Parameters:
  ///   - idempotencyWindow: how long an `IdempotencyKey` is kept.
  ///   - now: the clock that timestamps are read from.
  public init(
    idempotencyWindow: Duration = IdempotencyKey.defaultWindow,
    now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) {
    self.idempotencyWindow = idempotencyWindow
    self.now = now
  }

  @discardableResult
  public func append(_ drafts: [EventDraft]) async throws(EventStoreError) -> [Event] {
    try record(drafts)
  }

  public func append(
    _ drafts: [EventDraft], under key: IdempotencyKey
  ) async throws(EventStoreError) -> [Event]? {
    try keyed.withLock { keyed throws(EventStoreError) in
      let now = now().milliseconds
      keyed.removeAll { _, events in
        events.first.map { now - $0.timestamp.milliseconds >= Int64(idempotencyWindow / .milliseconds(1)) }
          ?? true
      }
      if let known = keyed.first(where: { $0.key.text == key.text }) {
        return known.key == key ? known.events : nil
      }
      let events = try record(drafts)
      keyed.append((key, events))
      keyed.removeFirst(max(0, keyed.count - IdempotencyKey.maximumCount))
      return events
    }
  }

  private func record(_ drafts: [EventDraft]) throws(EventStoreError) -> [Event] {
    if drafts.isEmpty { return [] }
    return try events.withLock { events throws(EventStoreError) in
      let timestamp = now()
      let lastNumber = events.last?.id.number ?? 0
      let appended = try zip(Int64(1)..., drafts).map { offset, draft throws(EventStoreError) in
        guard let id = EventID(lastNumber + offset) else { throw EventStoreError.noIDLeft }
        return Event(id: id, timestamp: timestamp, draft: draft)
      }
      events += appended
      commits.withLock { $0 = ($0.count + 1, $0.events + appended.count) }
      bell.ring()
      return appended
    }
  }

  public func untilRecorded(after id: EventID?) async throws(EventStoreError) {
    while true {
      let rings = bell.rings
      if events.withLock(\.last)?.id != id { return }
      await bell.wait(after: rings)
      if Task.isCancelled { throw EventStoreError(.cancelled, cause: "the caller went away") }
    }
  }

  public func page<Item: EventPageItem>(
    _ query: EventQuery, of item: Item.Type
  ) async throws(EventStoreError) -> EventPage<Item> {
    let events = events.withLock(\.self)
    let lastID = query.lastID ?? events.last?.id
    let matching = events.filter { event in
      lastID.map { event.id <= $0 } ?? true && query.after.map { event.id > $0 } ?? true
        && query.filter.matches(event)
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
      events: events.withLock(\.count), indexedEvents: nil, disk: nil, commits: commits.count,
      committedEvents: commits.events)
  }

  public func histogram(_ query: HistogramQuery) async throws(HistogramError) -> EventHistogram {
    let events = events.withLock(\.self).filter(query.filter.matches)
    let moments = events.map { $0.moment(of: query.time) }
    var histogram: EventHistogram
    do {
      let span = moments.min().flatMap { first in moments.max().map { first...$0 } }
      histogram = try EventHistogram(of: query, spanning: span)
    } catch {
      throw .invalid(error)
    }
    for (event, moment) in zip(events, moments) { histogram.add(of: event.draft.type, at: moment) }
    return histogram
  }

  public func facets(_ query: FacetQuery) async throws(EventStoreError) -> EventFacets {
    var counter = FacetCounter(query.member)
    for event in events.withLock(\.self).reversed() where query.filter.matches(event) {
      counter.add(event: query.member.keys(of: event))
    }
    return counter.facets(limit: query.limit)
  }

  public func restore(
    _ restored: [Event], after lastID: EventID?
  ) async throws(EventStoreError) -> Bool {
    events.withLock { events in
      guard events.last?.id == lastID else { return false }
      events += restored
      bell.ring()
      return true
    }
  }

  public func record(_ part: ImportPart) async throws(EventStoreError) -> ImportPart.Outcome? {
    imports.withLock { imports in
      let known = imports.filter { $0 == part.before || $0.input == part.after.input }
      guard known == [part.before].compactMap(\.self) else { return nil }
      imports = imports.filter { $0 != part.before } + [part.after]
      return events.withLock { events in
        let timestamp = now()
        var renumbered = 0
        for item in part.items {
          let last = events.last?.id
          let own = item.id.flatMap { id in last.map { id > $0 } ?? true ? id : nil }
          if item.id != nil, own == nil { renumbered += 1 }
          guard let id = own ?? EventID((last?.number ?? 0) + 1) else { continue }
          events.append(Event(id: id, timestamp: item.timestamp ?? timestamp, draft: item.draft))
        }
        bell.ring()
        return ImportPart.Outcome(lastID: events.last?.id, renumbered: renumbered)
      }
    }
  }

  public func unfinishedImports() async throws(EventStoreError) -> [ImportProgress] {
    imports.withLock(\.self)
  }

  public func endImport(_ progress: ImportProgress) async throws(EventStoreError) {
    imports.withLock { imports in imports.removeAll { $0 == progress } }
  }
}
