import Foundation
import Synchronization

/// Threads for requests that have not yet arrived whole, so that no worker waits for a slow peer.
///
/// A thread is started when there is something to receive, and ends when there is no more.
final class ReceptionThreads: Sendable {
  /// How many requests may arrive slowly at the same time; further ones wait for their turn.
  private static let limit = 64

  private struct State {
    var threads = 0
    var waiting: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())

  /// Runs a reception on one of the threads.
  func run(_ reception: @escaping @Sendable () -> Void) {
    let startsThread = state.withLock { state in
      state.waiting.append(reception)
      guard state.threads < Self.limit else { return false }
      state.threads += 1
      return true
    }
    if startsThread { Thread(block: runWaiting).start() }
  }

  private func runWaiting() {
    while let reception = next() { reception() }
  }

  private func next() -> (@Sendable () -> Void)? {
    state.withLock { state in
      if state.waiting.isEmpty {
        state.threads -= 1
        return nil
      }
      return state.waiting.removeFirst()
    }
  }
}
