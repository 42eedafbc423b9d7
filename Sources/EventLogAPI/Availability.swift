public import EventLog
import Synchronization

/// Tells whether the log can be used: its store answers and can record, and the process is not about to end.
///
/// The store is asked at most ten times a second, and once a second while it fails, however many callers there are.
public final class Availability: Sendable {
  /// Why the log cannot be used, as a short text for clients.
  public enum Failure: String, CaseIterable, Error {
    case full = "there is no room left to record events"
    case displaced = "the log's file was removed or replaced"
    case migrating = "the log is being brought up to date"
    case waiting = "events are waiting to be recorded"
    case store = "the store cannot be used"
    case ending = "the process is about to end"
  }

  /// How long the store's last answer holds. A failure is told soon, and a store that fails is left in peace.
  private static func freshness(of answer: Result<Void, Failure>) -> Duration {
    if case .success = answer { .milliseconds(100) } else { .seconds(1) }
  }

  /// The time after which a store that has not answered is considered unusable.
  private static let patience = Duration.seconds(5)

  private struct State {
    var isWithdrawn = false
    /// The store's last answer; nil before the first one.
    var answer: Result<Void, Failure>?
    var askedAt: ContinuousClock.Instant?
    /// The moment since which an answer of the store has been pending; nil when none is.
    var waitingSince: ContinuousClock.Instant?

    /// Returns what is known without asking the store; nil when the store must be asked.
    mutating func known(at now: ContinuousClock.Instant) -> Result<Void, Failure>? {
      if isWithdrawn { return .failure(.ending) }
      if let waitingSince {
        return now - waitingSince < Availability.patience ? answer : .failure(.store)
      }
      if let askedAt, let answer, now - askedAt < Availability.freshness(of: answer) { return answer }
      askedAt = now
      // While the very first answer is pending, every other caller asks the store and waits too.
      if answer != nil { waitingSince = now }
      return nil
    }
  }

  private let store: any EventStore
  private let state = Mutex(State())
  private let withdrawal = Bell()

  public init(store: any EventStore) {
    self.store = store
  }

  /// Declares that the process is about to end; from then on, the log is unavailable.
  public func withdraw() {
    state.withLock { $0.isWithdrawn = true }
    withdrawal.ring()
  }

  /// Suspends until the process is about to end, or the task is cancelled.
  func untilWithdrawn() async {
    if !state.withLock(\.isWithdrawn) { await withdrawal.wait(after: 0) }
  }

  /// Checks whether the log can be used. The result is up to 100 ms old, or one second if it is a failure, or five seconds
  /// where the store answers slowly.
  ///
  /// - Throws: `Failure` when the log cannot be used.
  public func check() async throws(Failure) {
    if let known = state.withLock({ $0.known(at: .now) }) { return try known.get() }
    // A task of its own asks the store: the caller may be cancelled, but the answer is for every caller.
    let answer = await Task { await ask() }.value
    try state.withLock { state -> Result<Void, Failure> in
      state.answer = answer
      state.waitingSince = nil
      return state.isWithdrawn ? .failure(.ending) : answer
    }.get()
  }

  /// - Returns: whether `check()` succeeds.
  public func isAvailable() async -> Bool {
    do { try await check() } catch { return false }
    return true
  }

  private func ask() async -> Result<Void, Failure> {
    do {
      return .success(try await store.checkAvailability())
    } catch {
      return .failure(Failure(error.reason))
    }
  }
}

extension Availability.Failure {
  fileprivate init(_ reason: EventStoreError.Reason) {
    switch reason {
    case .full: self = .full
    case .displaced: self = .displaced
    case .migrating: self = .migrating
    case .busy: self = .waiting
    case .timedOut, .cancelled, .damaged, .unavailable, .underWay: self = .store
    }
  }
}
