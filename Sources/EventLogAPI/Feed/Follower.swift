import EventLog
import Synchronization

/// Somebody who follows the feed: what waits for them, up to a limit.
final class Follower: Sendable {
  /// The most that waits for a client that takes nothing, in bytes.
  static let maximumSize = 262_144

  /// Why nothing more comes.
  enum End: Error {
    /// The feed has ended, so the client connects again.
    case closed
    /// The client took nothing for so long that it has to resume.
    case isTooSlow
  }

  private struct State {
    var parts: [[UInt8]] = []
    var size = 0
    var end: End?
    var waiting: CheckedContinuation<Void, Never>?
  }

  /// The number by which the feed knows it.
  let number: Int
  /// The newest event that the client has.
  let after: EventID?
  /// Gives the client up.
  private let abandon: @Sendable () -> Void
  private let state = Mutex(State())

  init(number: Int, after: EventID?, abandon: @escaping @Sendable () -> Void = {}) {
    self.number = number
    self.after = after
    self.abandon = abandon
  }

  /// Whether nothing waits.
  var isIdle: Bool { state.withLock(\.parts.isEmpty) }

  /// Adds what is sent next.
  func push(_ part: [UInt8]) {
    var isTooSlow = false
    wake { state in
      if state.end != nil { return }
      if state.size + part.count > Self.maximumSize, state.size > 0 {
        state.end = .isTooSlow
        (state.parts, state.size) = ([], 0)
        isTooSlow = true
      } else {
        state.parts.append(part)
        state.size += part.count
      }
    }
    if isTooSlow { abandon() }
  }

  /// Ends what the client is sent, after what waits.
  func close() { wake { $0.end = $0.end ?? .closed } }

  /// Suspends until there is something to send.
  ///
  /// - Returns: what waits.
  /// - Throws: `End` when nothing more comes; `CancellationError` when the task is cancelled.
  func next() async throws -> [UInt8] {
    while true {
      let (parts, end) = state.withLock { state in
        defer { (state.parts, state.size) = ([], 0) }
        return (state.parts, state.end)
      }
      if !parts.isEmpty { return parts.count == 1 ? parts[0] : Array(parts.joined()) }
      if let end { throw end }
      try Task.checkCancellation()
      await untilSomethingHappens()
    }
  }

  private func untilSomethingHappens() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          let isOver = !state.parts.isEmpty || state.end != nil || Task.isCancelled
          if !isOver { state.waiting = continuation }
          return isOver
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      wake { _ in }
    }
  }

  private func wake(_ change: (inout State) -> Void) {
    let waiting = state.withLock { state in
      change(&state)
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume()
  }
}
