import EventLog
import Synchronization
import TestSupport
import Testing

@testable import EventLogSQLite

/// These tests show how permits are shared among clients.
struct FairSemaphoreTests {
  private let semaphore = FairSemaphore(permits: 3)
  private let first = Client(network: [192, 0, 2, 1])
  private let second = Client(network: [192, 0, 2, 2])
  private let third = Client(network: [192, 0, 2, 3])

  /// What holds a permit, in the order in which the permits were given.
  private final class Holders: Sendable {
    private struct State {
      var order: [String] = []
      var continuations: [String: CheckedContinuation<Void, Never>] = [:]
      var isOver = false
    }
    private let state = Mutex(State())

    var order: [String] { state.withLock { $0.order } }

    /// Holds a permit until it is released.
    func hold(_ name: String) async {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          state.order.append(name)
          if !state.isOver { state.continuations[name] = continuation }
          return state.isOver
        }
        if isOver { continuation.resume() }
      }
    }

    func release(_ name: String) {
      state.withLock { $0.continuations.removeValue(forKey: name) }?.resume()
    }

    /// Releases what holds a permit now or later.
    func end() {
      let continuations = state.withLock { state in
        state.isOver = true
        return Array(state.continuations.values)
      }
      for continuation in continuations { continuation.resume() }
    }
  }

  private let holders = Holders()

  /// Starts a task that holds a permit, and lets it come as far as it can.
  private func start(_ name: String, for client: Client?) -> Task<Void, any Error> {
    Task.immediate { [semaphore, holders] in
      try await semaphore.withPermit(for: client) { await holders.hold(name) }
    }
  }

  /// Waits until all tasks have held a permit and given it back.
  private func end(_ tasks: [Task<Void, any Error>]) async throws {
    holders.end()
    for task in tasks { try await task.value }
  }

  @Test func leavesThePermitThatAClientMayNotHaveToOthers() async throws {
    let names = ["first 1", "first 2", "first 3", "first 4"]
    let greedy = names.map { start($0, for: first) }
    #expect(holders.order == ["first 1", "first 2"])
    let other = start("second", for: second)
    #expect(holders.order == ["first 1", "first 2", "second"])
    try await end([other] + greedy)
    #expect(holders.order.sorted() == names + ["second"])
  }

  @Test func countsAllWhoAreNotKnownAsOneClient() async throws {
    let unknown = ["unknown 1", "unknown 2", "unknown 3"].map { start($0, for: nil) }
    #expect(holders.order.count == 2)
    let other = start("first", for: first)
    #expect(holders.order.last == "first")
    try await end([other] + unknown)
  }

  @Test func givesTheNextPermitToTheClientThatHoldsTheFewest() async throws {
    let running = [
      start("first 1", for: first), start("first 2", for: first), start("second 1", for: second),
    ]
    let waiting = [start("first 3", for: first), start("second 2", for: second), start("third", for: third)]
    #expect(holders.order == ["first 1", "first 2", "second 1"])
    holders.release("first 1")
    #expect(try await eventually { holders.order.count == 4 })
    #expect(holders.order.last == "third")
    holders.release("third")
    // Both other clients hold one permit, and the first one's task came first.
    #expect(try await eventually { holders.order.count == 5 })
    #expect(holders.order.last == "first 3")
    try await end(running + waiting)
  }

  @Test func forgetsATaskThatIsCancelledWhileItWaits() async throws {
    let running = [start("first 1", for: first), start("first 2", for: first)]
    let cancelled = start("first 3", for: first)
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    holders.release("first 1")
    holders.release("first 2")
    for task in running { try await task.value }
    // Every permit is free again.
    let others = [start("first 4", for: first), start("first 5", for: first), start("second", for: second)]
    #expect(holders.order == ["first 1", "first 2", "first 4", "first 5", "second"])
    try await end(others)
  }
}
