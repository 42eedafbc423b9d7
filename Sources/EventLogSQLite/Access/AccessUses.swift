import EventLog
import Synchronization
import Text

/// The uses of keys and sessions that are not on disk yet.
final class AccessUses: Sendable {
  /// How often they are written.
  private static let interval = Duration.seconds(60)

  struct Uses: Sendable {
    var keys: [Text: Timestamp] = [:]
    var sessions: [[UInt8]: Timestamp] = [:]
    var isEmpty: Bool { keys.isEmpty && sessions.isEmpty }
  }

  private struct State {
    var uses = Uses()
    var isWaiting = false
  }

  private let state = Mutex(State())

  /// Notes a use.
  ///
  /// - Parameters:
  ///   - key: the id of the key.
  ///   - session: the digest of the session's id; nil when the key itself was used.
  ///   - now: the time.
  ///   - isFirst: whether the key was not used before, which is written at once.
  /// - Returns: the time after which the caller has to write; nil when somebody else will.
  func note(_ key: Text, _ session: [UInt8]?, at now: Timestamp, isFirst: Bool) -> Duration? {
    state.withLock { state in
      let isKnown = state.uses.keys[key] != nil
      state.uses.keys[key] = now
      if let session { state.uses.sessions[session] = now }
      if isFirst, !isKnown { return .zero }
      if state.isWaiting { return nil }
      state.isWaiting = true
      return Self.interval
    }
  }

  /// Takes all uses.
  func take() -> Uses {
    state.withLock { state in
      defer { state = State() }
      return state.uses
    }
  }
}
