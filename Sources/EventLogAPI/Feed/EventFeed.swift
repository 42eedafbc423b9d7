public import EventLog
import Synchronization

/// What is recorded from now on, for everyone who follows it. The log is read once for all of them, only while somebody
/// follows, and only when something was recorded.
public final class EventFeed: Sendable {
  private static let usualHeartbeat = Duration.seconds(15)
  /// The time after which the log is read again when that has failed.
  private static let retryInterval = Duration.seconds(1)

  private struct State {
    var groups: [FollowerGroup.Key: FollowerGroup] = [:]
    var count = 0
    var lastNumber = 0
    /// The newest event that was passed on; nil when none was, or nobody follows.
    var position: EventID?
    var work: Task<Void, Never>?
    var isClosed = false
  }

  private let store: any EventStore
  private let heartbeat: Duration
  private let state = Mutex(State())

  /// - Parameter store: the log.
  public convenience init(_ store: any EventStore) {
    self.init(store, heartbeat: Self.usualHeartbeat)
  }

  /// - Parameters:
  ///   - store: the log.
  ///   - heartbeat: the time after which a client that was sent nothing is sent a sign of life.
  init(_ store: any EventStore, heartbeat: Duration) {
    self.store = store
    self.heartbeat = heartbeat
  }

  /// Ends the feed and all streams.
  public func close() {
    let groups = state.withLock { state in
      state.isClosed = true
      state.work?.cancel()
      return state.groups.values
    }
    for group in groups { for follower in group.followers.values { follower.close() } }
  }

  /// Begins to follow.
  ///
  /// - Parameters:
  ///   - key: the filter and the format.
  ///   - id: the newest event that the client has; nil when the log was empty.
  ///   - abandon: gives the client up, which is done when it has taken nothing for too long.
  /// - Returns: who follows; and the event up to which the client has to read by itself first, since the feed is already beyond
  ///   the one that it has: nil when there is nothing to read.
  func follow(
    _ key: FollowerGroup.Key, after id: EventID?, abandon: @escaping @Sendable () -> Void = {}
  ) -> (follower: Follower, missing: EventID?) {
    state.withLock { state in
      state.lastNumber += 1
      let follower = Follower(number: state.lastNumber, after: id, abandon: abandon)
      if state.isClosed {
        follower.close()
        return (follower, nil)
      }
      state.groups[key, default: FollowerGroup(key)].add(follower)
      state.count += 1
      if state.work == nil {
        state.position = id
        state.work = Task.detached { [weak self] in await self?.run() }
      }
      let isBehind = state.position.map { position in id.map { $0 < position } ?? true } ?? false
      return (follower, isBehind ? state.position : nil)
    }
  }

  /// Ends following.
  func leave(_ key: FollowerGroup.Key, _ follower: Follower) {
    state.withLock { state in
      guard state.groups[key]?.followers[follower.number] != nil else { return }
      state.groups[key]?.remove(follower.number)
      if state.groups[key]?.followers.isEmpty == true { state.groups[key] = nil }
      state.count -= 1
      if state.count == 0 {
        state.work?.cancel()
        (state.work, state.position) = (nil, nil)
      }
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
    let position = state.withLock(\.position)
    var query = EventQuery()
    query.after = position
    let page = try await store.page(query)
    guard let last = page.events.last else {
      return try await store.untilRecorded(after: page.state.lastID)
    }
    let events = page.events.map(FeedEvent.init)
    let groups = state.withLock { state -> [FollowerGroup] in
      // Somebody else's work may have begun, after nobody followed for a moment.
      guard !Task.isCancelled, state.position == position else { return [] }
      state.position = last.id
      return Array(state.groups.values)
    }
    for group in groups { group.push(events) }
  }

  private func beat() async {
    while (try? await Task.sleep(for: heartbeat)) != nil {
      for group in state.withLock({ Array($0.groups.values) }) { group.beat() }
    }
  }
}
