public import EventLog
import Synchronization

/// Whether the log can be used: its store answers and records, and the process is not on its way to its end.
///
/// The store is asked at most once in `freshness`, however many ask.
public final class Availability: Sendable {
  /// Why the log cannot be used, as a short text for clients.
  public enum Failure: String, CaseIterable, Error {
    case full = "there is no room left to record events"
    case store = "the store cannot be used"
    case ending = "the process is about to end"
  }

  private static let freshness = Duration.seconds(1)
  /// A store that has not answered for so long does not answer.
  private static let patience = Duration.seconds(5)

  private struct State {
    var isWithdrawn = false
    /// What the store did when it was last asked; nil before its first answer.
    var answer: Result<Void, Failure>?
    var askedAt: ContinuousClock.Instant?
    /// Since when an answer of the store has been waited for.
    var waitingSince: ContinuousClock.Instant?

    /// What is to be told when the store is not asked; nil when it has to be.
    mutating func known(at now: ContinuousClock.Instant) -> Result<Void, Failure>? {
      if isWithdrawn { return .failure(.ending) }
      if let waitingSince {
        return now - waitingSince < Availability.patience ? answer : .failure(.store)
      }
      if let askedAt, let answer, now - askedAt < Availability.freshness { return answer }
      askedAt = now
      // While the very first answer is waited for, others who ask wait for one of their own.
      if answer != nil { waitingSince = now }
      return nil
    }
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

  /// Tells what was true a second ago; where the store takes long to answer, five seconds ago.
  ///
  /// - Throws: `Failure` when the log cannot be used.
  public func check() async throws(Failure) {
    if let known = state.withLock({ $0.known(at: .now) }) { return try known.get() }
    // In a task of its own: whoever asked may go away, and the answer is for all.
    let answer = await Task { await ask() }.value
    try state.withLock { state -> Result<Void, Failure> in
      state.answer = answer
      state.waitingSince = nil
      return state.isWithdrawn ? .failure(.ending) : answer
    }.get()
  }

  /// - Returns: whether `check()` finds nothing.
  public func isAvailable() async -> Bool {
    do { try await check() } catch { return false }
    return true
  }

  private func ask() async -> Result<Void, Failure> {
    do {
      return .success(try await store.checkAvailability())
    } catch {
      return .failure(error.reason == .full ? .full : .store)
    }
  }
}
