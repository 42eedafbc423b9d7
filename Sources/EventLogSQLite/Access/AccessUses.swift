import EventLog
import EventLogAccess
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
  ///   - key: the key. Its first use is written at once.
  ///   - session: the session that stood for it; nil when the key itself was used.
  ///   - now: the time.
  /// - Returns: the time after which the caller has to write; nil when somebody else will, or when it is known to the minute.
  func note(_ key: AccessKey, _ session: Session?, at now: Timestamp) -> Duration? {
    let isNews = Self.isNews(now, after: key.lastUsed)
    let session = session.flatMap { Self.isNews(now, after: $0.lastUsed) ? $0 : nil }
    guard isNews || session != nil else { return nil }
    return state.withLock { state in
      let isKnown = state.uses.keys[key.id] != nil
      if isNews { state.uses.keys[key.id] = now }
      if let session { state.uses.sessions[session.digest] = now }
      if key.lastUsed == nil, !isKnown { return .zero }
      if state.isWaiting { return nil }
      state.isWaiting = true
      return Self.interval
    }
  }

  private static func isNews(_ moment: Timestamp, after last: Timestamp?) -> Bool {
    guard let last else { return true }
    return abs(moment.milliseconds - last.milliseconds) >= Int64(interval / .milliseconds(1))
  }

  /// Takes all uses.
  func take() -> Uses {
    state.withLock { state in
      defer { state = State() }
      return state.uses
    }
  }
}
