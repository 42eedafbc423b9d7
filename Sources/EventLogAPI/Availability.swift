public import EventLog
import Synchronization

/// Whether the log can be used: its store answers, and the process is not on its way to its end.
///
/// The store is asked at most once in `freshness`, however many ask.
public final class Availability: Sendable {
  private static let freshness = Duration.seconds(1)
  /// A store that has not answered for so long does not answer.
  private static let patience = Duration.seconds(5)

  private struct State {
    var isWithdrawn = false
    /// What the store did when it was last asked; nil before its first answer.
    var answered: Bool?
    var askedAt: ContinuousClock.Instant?
    /// Since when an answer of the store has been waited for.
    var waitingSince: ContinuousClock.Instant?
  }

  private let store: any EventStore
  private let state = Mutex(State())

  public init(store: any EventStore) {
    self.store = store
  }

  /// Says that the process is going to end: from now on the log is not available.
  public func withdraw() {
    state.withLock { $0.isWithdrawn = true }
  }

  /// - Returns: what was true at most one second ago.
  public func isAvailable() async -> Bool {
    let now = ContinuousClock.now
    let known: Bool? = state.withLock { state in
      if state.isWithdrawn { return false }
      if let since = state.waitingSince {
        return state.answered == true && now - since < Self.patience
      }
      if let askedAt = state.askedAt, let answered = state.answered, now - askedAt < Self.freshness {
        return answered
      }
      state.askedAt = now
      // While the very first answer is waited for, others who ask wait for one of their own.
      if state.answered != nil { state.waitingSince = now }
      return nil
    }
    if let known { return known }
    let answered = await storeAnswers()
    return state.withLock { state in
      state.answered = answered
      state.waitingSince = nil
      return answered && !state.isWithdrawn
    }
  }

  private func storeAnswers() async -> Bool {
    do {
      _ = try await store.lastID()
      return true
    } catch {
      return false
    }
  }
}
