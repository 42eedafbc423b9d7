import EventLog
import HTTPCore
import Synchronization

/// Somebody who follows the feed: what waits for them, up to a limit. As long as nothing waits, what comes next is sent at
/// once by whoever passes it on, and the follower's task sleeps.
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
    /// Whether the client took only a part of what it was offered.
    var hasBegun = false
    var end: End?
    /// The task, when it waits. Nothing else is waiting then.
    var waiting: CheckedContinuation<Void, Never>?

    /// Offers the client what comes next.
    mutating func offer(_ part: [UInt8], to body: any BodyWriter) -> Offer {
      guard waiting != nil else { return .refused }
      let offer = body.offer(part)
      hasBegun = offer == .begun
      return offer
    }

    /// - Returns: whether there is room for it.
    mutating func keep(_ part: [UInt8]) -> Bool {
      if size + part.count > Follower.maximumSize, size > 0 {
        end = .isTooSlow
        (parts, size) = ([], 0)
        return false
      }
      parts.append(part)
      size += part.count
      return true
    }
  }

  /// The number by which the feed knows it.
  let number: Int
  /// The newest event that the client has.
  let after: EventID?
  private let body: any BodyWriter
  private let meter: StreamMeter
  private let state = Mutex(State())

  /// - Parameters:
  ///   - number: the number by which the feed knows it.
  ///   - after: the newest event that the client has.
  ///   - body: takes what the client is sent.
  ///   - meter: counts a client that is given up.
  init(number: Int, after: EventID?, body: any BodyWriter, meter: StreamMeter) {
    self.number = number
    self.after = after
    self.body = body
    self.meter = meter
  }

  /// Whether nothing waits.
  var isIdle: Bool { state.withLock(\.parts.isEmpty) }

  /// Whether the follower's task sleeps, so that what comes next is offered.
  var isWaiting: Bool { state.withLock { $0.waiting != nil } }

  /// Sends what comes next, or keeps it until the client takes more.
  func push(_ part: [UInt8]) {
    var isTooSlow = false
    wake { state in
      if state.end != nil { return false }
      switch state.offer(part, to: body) {
      case .accepted: return false
      case .begun: return true
      case .refused:
        isTooSlow = !state.keep(part)
        return true
      }
    }
    if isTooSlow {
      meter.streamAbandoned()
      body.abandon()
    }
  }

  /// Ends what the client is sent, after what waits.
  func close() {
    wake { state in
      state.end = state.end ?? .closed
      return true
    }
  }

  /// Suspends until there is something to send.
  ///
  /// - Returns: what waits; empty when only the rest of what the client was offered is to be sent.
  /// - Throws: `End` when nothing more comes; `CancellationError` when the task is cancelled.
  func next() async throws -> [UInt8] {
    while true {
      let (parts, hasBegun, end) = state.withLock { state in
        defer { (state.parts, state.size, state.hasBegun) = ([], 0, false) }
        return (state.parts, state.hasBegun, state.end)
      }
      if !parts.isEmpty { return parts.count == 1 ? parts[0] : Array(parts.joined()) }
      if hasBegun { return [] }
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
      wake { _ in true }
    }
  }

  /// - Parameter change: changes the state, and returns whether the task is woken.
  private func wake(_ change: (inout State) -> Bool) {
    let waiting = state.withLock { state in change(&state) ? state.waiting.take() : nil }
    waiting?.resume()
  }
}
