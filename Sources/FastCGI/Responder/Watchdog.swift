import Linux
import Synchronization

/// Tells whether all workers make progress. Its timer is one of the descriptors for which the workers wait, so where
/// none of them waits any longer, nobody asks.
final class Watchdog: Sendable {
  let workers: [WorkerProgress]
  let timer: PeriodicTimer
  /// The turns in which the workers were at the last tick.
  private let turns: Mutex<[Int?]>

  /// - Throws: `SystemCallError` if the system has no more descriptors.
  init(workers count: Int) throws(SystemCallError) {
    workers = (0..<count).map { _ in WorkerProgress() }
    timer = try PeriodicTimer()
    turns = Mutex([Int?](repeating: nil, count: count))
  }

  /// Handles a tick of the timer.
  ///
  /// - Returns: false if a worker has spent the whole time since the last tick in one turn.
  func tick() -> Bool {
    timer.clear()
    return turns.withLock { turns in
      let last = turns
      turns = workers.map(\.turn)
      return !zip(last, turns).contains { $0 != nil && $0 == $1 }
    }
  }
}
