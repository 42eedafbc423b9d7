import Synchronization

/// Wakes those who wait for something to happen.
package final class Bell: Sendable {
  private struct State {
    var rings: UInt64 = 0
    var lastWaiter = 0
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  /// How often the bell has rung. Whoever asks for this before looking whether something has happened misses nothing.
  package var rings: UInt64 { state.withLock(\.rings) }

  /// Whether somebody waits.
  package var isAwaited: Bool { state.withLock { !$0.waiting.isEmpty } }

  /// Wakes all who wait.
  package func ring() {
    let waiting = state.withLock { state in
      state.rings += 1
      defer { state.waiting = [:] }
      return state.waiting.values
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Suspends until the bell has rung more often, or the task is cancelled.
  ///
  /// - Parameter rings: how often it had rung.
  package func wait(after rings: UInt64) async {
    let number = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          let isOver = state.rings != rings || Task.isCancelled
          if !isOver { state.waiting[number] = continuation }
          return isOver
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
    }
  }
}
