import Synchronization

/// Lets a limited number of tasks do something at the same time, and shares these permits among clients: no client ever
/// holds the last permit, so that others find one, however much it asks for. Tasks that have to wait are suspended. The
/// next permit goes to the client that holds the fewest and, among those, to the task that came first.
package final class FairSemaphore: Sendable {
  private struct Waiter {
    let ticket: Int
    let client: Client?
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var free: Int
    var nextTicket = 0
    var waiters: [Waiter] = []
    /// The number of permits that each client holds. Tasks without a client count as one client.
    var held: [Client?: Int] = [:]

    func canTake(_ client: Client?, share: Int) -> Bool {
      free > 0 && held[client, default: 0] < share
    }

    mutating func take(_ client: Client?) {
      free -= 1
      held[client, default: 0] += 1
    }

    /// Takes a permit for a task that waits.
    ///
    /// - Returns: the task; nil if there is no permit for any.
    mutating func takeNext(share: Int) -> Waiter? {
      let eligible = waiters.indices.filter { canTake(waiters[$0].client, share: share) }
      let next = eligible.min {
        (held[waiters[$0].client, default: 0], $0) < (held[waiters[$1].client, default: 0], $1)
      }
      guard let next else { return nil }
      take(waiters[next].client)
      return waiters.remove(at: next)
    }

    mutating func giveBack(_ client: Client?) {
      free += 1
      held[client, default: 0] -= 1
      if held[client] == 0 { held[client] = nil }
    }
  }

  private let state: Mutex<State>
  /// The number of permits that one client may hold.
  private let share: Int

  /// - Parameter permits: the number of permits, at least 2.
  package init(permits: Int) {
    state = Mutex(State(free: permits))
    share = permits - 1
  }

  /// The number of tasks that wait for a permit.
  package var waiterCount: Int { state.withLock(\.waiters.count) }

  /// Does something with a permit.
  ///
  /// - Parameters:
  ///   - client: the client that the permit is for; nil for the program itself.
  ///   - body: what a permit is needed for.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` throws, or `CancellationError` when the task is cancelled while it waits.
  package func withPermit<Value>(
    for client: Client?, _ body: () async throws -> Value
  ) async throws -> Value {
    try await acquire(for: client)
    defer { release(client) }
    return try await body()
  }

  private func acquire(for client: Client?) async throws {
    let ticket = state.withLock { state in
      state.nextTicket += 1
      return state.nextTicket
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome: Result<Void, any Error>? = state.withLock { state in
          // This happens under the lock, so that a cancellation is either seen here or finds the continuation below.
          if Task.isCancelled { return .failure(CancellationError()) }
          if state.canTake(client, share: share) {
            state.take(client)
            return .success(())
          }
          state.waiters.append(Waiter(ticket: ticket, client: client, continuation: continuation))
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        state.waiters.firstIndex { $0.ticket == ticket }.map { state.waiters.remove(at: $0) }
      }
      waiter?.continuation.resume(throwing: CancellationError())
    }
  }

  private func release(_ client: Client?) {
    let next = state.withLock { state in
      state.giveBack(client)
      return state.takeNext(share: share)
    }
    next?.continuation.resume()
  }
}
