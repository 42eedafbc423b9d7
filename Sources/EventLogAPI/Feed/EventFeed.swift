public import EventLog
import HTTPCore
import Synchronization

/// What is recorded from now on, for everyone who follows it. The log is read once for all of them, only while somebody
/// follows, and only when something was recorded.
public final class EventFeed: Sendable {
  private static let usualHeartbeat = Duration.seconds(15)
  /// In how many turns all clients are sent a sign of life, so that these never delay an event.
  private static let turns = 64
  /// The time after which the log is read again when that has failed.
  private static let retryInterval = Duration.seconds(1)
  /// The shortest time between two reads of the log. What is recorded meanwhile is passed on together.
  private static let pause = Duration.milliseconds(10)

  private struct State {
    var groups = FollowerGroups()
    var lastNumber = 0
    /// The newest event that was passed on; nil when none was.
    var position: EventID?
    var recent = RecentEvents(after: nil)
    var work: Task<Void, Never>?
    var isClosed = false
  }

  private let store: any EventStore
  private let meter: StreamMeter
  private let heartbeat: Duration
  private let state = Mutex(State())
  private let reads = FairSemaphore(permits: 4)

  /// - Parameters:
  ///   - store: the log.
  ///   - meter: counts what is sent.
  public convenience init(_ store: any EventStore, meter: StreamMeter) {
    self.init(store, meter: meter, heartbeat: Self.usualHeartbeat)
  }

  /// - Parameters:
  ///   - store: the log.
  ///   - meter: counts what is sent.
  ///   - heartbeat: the time after which a client that was sent nothing is sent a sign of life.
  init(_ store: any EventStore, meter: StreamMeter = StreamMeter(), heartbeat: Duration = usualHeartbeat) {
    self.store = store
    self.meter = meter
    self.heartbeat = heartbeat
  }

  /// Ends the feed and all streams.
  public func close() {
    let groups = state.withLock { state in
      state.isClosed = true
      state.work?.cancel()
      return state.groups
    }
    for group in groups.all { for follower in group.followers.values { follower.close() } }
  }

  /// Begins to follow.
  ///
  /// - Parameters:
  ///   - key: the filter and the format.
  ///   - id: the newest event that the client has; nil when the log was empty.
  ///   - body: takes what the client is sent.
  /// - Returns: who follows, and the events that the feed passed on before, of which those that match are to be sent first;
  ///   nil when the client has missed more than the feed remembers, and has to read the log before it can follow.
  func follow(
    _ key: FollowerGroup.Key, after id: EventID?, _ body: any BodyWriter
  ) -> (follower: Follower, missing: ArraySlice<FeedEvent>)? {
    state.withLock { state in
      state.lastNumber += 1
      let follower = Follower(number: state.lastNumber, after: id, body: body, meter: meter)
      if state.isClosed {
        follower.close()
        return (follower, [])
      }
      if state.work == nil {
        state.position = Self.start(before: id)
        state.recent = RecentEvents(after: state.position)
        state.work = Task.detached { [weak self] in await self?.run() }
      }
      let hasAll = state.position.map { position in id.map { $0 >= position } ?? false } ?? true
      guard let missing = hasAll ? [] : state.recent.events(after: id) else { return nil }
      state.groups.add(follower, to: key)
      return (follower, missing)
    }
  }

  /// Returns where the feed begins: some events before the first client does, since those who connect after it may have
  /// missed more.
  private static func start(before id: EventID?) -> EventID? {
    id.flatMap { EventID($0.number - Int64(RecentEvents.count)) }
  }

  /// Reads a page for a client who has missed more than the feed remembers. Only some of them read at the same time, so that
  /// other questions do not have to wait when all clients connect again.
  ///
  /// - Throws: `EventStoreError`, or `CancellationError` when the client goes away.
  func page(_ query: EventQuery) async throws -> EventPage<EventJSON> {
    try await reads.withPermit(for: query.client) { try await store.page(query, of: EventJSON.self) }
  }

  /// Ends following.
  func leave(_ key: FollowerGroup.Key, _ follower: Follower) {
    state.withLock { state in
      state.groups.remove(follower, from: key)
      guard state.groups.isEmpty else { return }
      state.work?.cancel()
      (state.work, state.position, state.recent) = (nil, nil, RecentEvents(after: nil))
    }
  }

  private func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.passOn() }
      group.addTask { await self.beat() }
    }
  }

  /// Passes on what is recorded until nobody follows.
  private func passOn() async {
    while !Task.isCancelled {
      do throws(EventStoreError) {
        try await passOnNext()
      } catch {
        try? await Task.sleep(for: Self.retryInterval)
      }
    }
  }

  private func passOnNext() async throws(EventStoreError) {
    let nextRead = ContinuousClock.now + Self.pause
    let position = state.withLock(\.position)
    var query = EventQuery()
    query.after = position
    let page = try await store.page(query)
    if let last = page.events.last {
      passOn(page.events.map(FeedEvent.init), from: position, to: last.id)
      if let newest = page.state.lastID, last.id < newest { return }
      try? await Task.sleep(until: nextRead)
    }
    try await store.untilRecorded(after: page.state.lastID)
  }

  private func passOn(_ events: [FeedEvent], from position: EventID?, to last: EventID) {
    let groups = state.withLock { state -> FollowerGroups? in
      // Somebody else's work may have begun, after nobody followed for a moment.
      guard !Task.isCancelled, state.position == position else { return nil }
      state.position = last
      state.recent.append(events)
      return state.groups
    }
    for (group, events) in groups?.matching(events) ?? [] { meter.sent(events: group.push(events)) }
  }

  private func beat() async {
    var turn = 0
    while (try? await Task.sleep(for: heartbeat / Self.turns)) != nil {
      for group in state.withLock(\.groups).all { group.beat(turn, of: Self.turns) }
      turn = (turn + 1) % Self.turns
    }
  }
}
