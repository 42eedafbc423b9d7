import Synchronization

/// Counts the turns of a worker, so that a worker that hangs can be told from one that is busy.
final class WorkerProgress: Sendable {
  /// Rises when a turn begins and when it ends, and is odd in between. Only the worker changes it.
  private let count = Atomic(0)

  func begin() { advance() }

  func end() { advance() }

  /// The number of the turn that the worker is in; nil while it waits for work.
  var turn: Int? {
    let count = count.load(ordering: .relaxed)
    return count.isMultiple(of: 2) ? nil : count
  }

  private func advance() {
    count.store(count.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
  }
}
