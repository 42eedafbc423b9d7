import EventLog
import Synchronization
import Text

/// The keys of the appends that have not ended in this process. Those that wait for the same key get their turns in the order
/// in which they came.
final class KeysUnderWay: Sendable {
  private struct Waiter {
    let number: Int
    let continuation: CheckedContinuation<Result<Void, EventStoreError>, Never>
  }

  private struct State {
    /// Those who wait for each key that is under way.
    var waiters: [Text: [Waiter]] = [:]
    var lastNumber = 0
  }

  private let state = Mutex(State())
  private let patience: Duration

  /// - Parameter patience: how long an append waits for others under the same key.
  init(patience: Duration) {
    self.patience = patience
  }

  /// Suspends until no other append under a key is under way, and notes that one is.
  ///
  /// - Throws: `EventStoreError` with the reason `underWay` when the others take too long, or `cancelled`.
  func begin(_ key: Text) async throws(EventStoreError) {
    let number = state.withLock { state -> Int? in
      state.lastNumber += 1
      if state.waiters[key] != nil { return state.lastNumber }
      state.waiters[key] = []
      return nil
    }
    guard let number else { return }
    let timer = Task { [patience] in
      try await Task.sleep(for: patience)
      giveUp(
        number, key,
        EventStoreError(.underWay, cause: "an append under the same idempotency key has not ended"))
    }
    defer { timer.cancel() }
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { wait(for: key, Waiter(number: number, continuation: $0)) }
    } onCancel: {
      giveUp(number, key, EventStoreError(CancellationError()))
    }
    try outcome.get()
  }

  /// Notes that the append under a key has ended. The next one has its turn.
  func end(_ key: Text) {
    let next = state.withLock { state -> Waiter? in
      guard let first = state.waiters[key]?.first else {
        state.waiters[key] = nil
        return nil
      }
      state.waiters[key]?.removeFirst()
      return first
    }
    next?.continuation.resume(returning: .success(()))
  }

  private func wait(for key: Text, _ waiter: Waiter) {
    let isFree = state.withLock { state in
      if state.waiters[key] == nil {
        state.waiters[key] = []
        return true
      }
      state.waiters[key]?.append(waiter)
      return false
    }
    if isFree { waiter.continuation.resume(returning: .success(())) }
    // A task that was cancelled before has given up before it waited.
    if Task.isCancelled { giveUp(waiter.number, key, EventStoreError(CancellationError())) }
  }

  private func giveUp(_ number: Int, _ key: Text, _ error: EventStoreError) {
    let waiter = state.withLock { state -> Waiter? in
      guard let index = state.waiters[key]?.firstIndex(where: { $0.number == number }) else { return nil }
      return state.waiters[key]?.remove(at: index)
    }
    waiter?.continuation.resume(returning: .failure(error))
  }
}
