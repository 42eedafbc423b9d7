import Linux
import Synchronization

/// The threads that receive requests which have not arrived completely, so that no worker waits for a slow peer.
///
/// A thread is started when there is something to receive, and ends when there is nothing left to receive.
final class ReceptionThreads: Sendable {
  /// How many requests may arrive slowly at the same time; the others wait their turn.
  private static let limit = 64

  private struct State {
    var threads = 0
    var waiting: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())

  /// Runs a reception on one of the threads.
  ///
  /// - Throws: `SystemCallError` if no thread exists and none can be started. The reception does not run then.
  func run(_ reception: @escaping @Sendable () -> Void) throws(SystemCallError) {
    let startsThread = state.withLock { state in
      guard state.threads < Self.limit else {
        state.waiting.append(reception)
        return false
      }
      state.threads += 1
      return true
    }
    if !startsThread { return }
    do throws(SystemCallError) {
      try DetachedThread.start(named: "reception") { [self] in
        reception()
        while let waiting = next() { waiting() }
      }
    } catch {
      let comesToIt = state.withLock { state in
        state.threads -= 1
        if state.threads > 0 { state.waiting.append(reception) }
        return state.threads > 0
      }
      if !comesToIt { throw error }
    }
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
