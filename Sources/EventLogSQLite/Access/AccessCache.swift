import EventLogAccess
import Synchronization

/// What is known of the keys and sessions, and since when.
final class AccessCache: Sendable {
  private struct State {
    var snapshot: AccessSnapshot?
    var version: Int64?
    var readAt: ContinuousClock.Instant?
    /// When this process changed something last. What others began to read before may lack that.
    var changedAt: ContinuousClock.Instant?
  }

  private let state = Mutex(State())

  /// Returns what is known if it is young enough.
  func snapshot(maximumAge: Duration) -> AccessSnapshot? {
    state.withLock { state in
      guard let readAt = state.readAt, .now - readAt < maximumAge else { return nil }
      return state.snapshot
    }
  }

  /// Returns what is known if it has a certain version, which it is known to have from now on.
  func snapshot(version: Int64, at now: ContinuousClock.Instant) -> AccessSnapshot? {
    state.withLock { state in
      guard state.version == version else { return nil }
      if state.changedAt.map({ $0 < now }) ?? true { state.readAt = now }
      return state.snapshot
    }
  }

  func keep(_ snapshot: AccessSnapshot, version: Int64, at now: ContinuousClock.Instant) {
    state.withLock { state in
      // Another thread may have read later.
      if let readAt = state.readAt, readAt > now { return }
      if let changedAt = state.changedAt, changedAt >= now { return }
      state = State(snapshot: snapshot, version: version, readAt: now)
    }
  }

  /// Has everybody look again, since this process has changed something.
  func forget() { state.withLock { ($0.readAt, $0.changedAt) = (nil, .now) } }
}
