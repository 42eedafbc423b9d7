public import EventLog
import Synchronization
public import Text

/// Keys and sessions that last as long as the process. It is the executable specification of an `AccessStore`.
public final class MemoryAccessStore: AccessStore {
  private struct State {
    var keys: [AccessKey] = []
    var sessions: [Session] = []
  }

  private let state = Mutex(State())
  private let log: any EventStore
  private let now: @Sendable () -> Timestamp
  private let wrongKeys: WrongKeys
  private let views: MemoryViewStore

  /// - Parameters:
  ///   - log: the log in which what is done is recorded.
  ///   - views: the saved views, of which a key's go when it is revoked.
  ///   - now: the clock.
  public init(
    log: any EventStore, views: MemoryViewStore = MemoryViewStore(),
    now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) {
    self.log = log
    self.views = views
    self.now = now
    wrongKeys = WrongKeys { wrongKeys in
      guard let (count, address) = wrongKeys.take() else { return }
      _ = try? await log.append(AccessEvent.wrongKeys(count: count, from: address).draft)
    }
  }

  public func snapshot(maximumAge: Duration) async throws(EventStoreError) -> AccessSnapshot {
    state.withLock { AccessSnapshot(keys: $0.keys, sessions: $0.sessions) }
  }

  public func makeKey(
    _ key: NewKey, by visitor: Text?
  ) async throws(EventStoreError) -> (key: AccessKey, text: KeyText)? {
    let text = KeyText()
    let made = AccessKey(key, text, at: now())
    let isMade = state.withLock { state in
      guard !state.keys.contains(where: { $0.name == key.name }) else { return false }
      state.keys.append(made)
      return true
    }
    guard isMade else { return nil }
    try await log.append(AccessEvent.made(made, by: visitor).draft)
    return (made, text)
  }

  public func rotateKey(
    named name: Text, by visitor: Text?
  ) async throws(EventStoreError) -> (key: AccessKey, text: KeyText)? {
    let text = KeyText()
    let rotated = state.withLock { state -> AccessKey? in
      guard let index = state.keys.firstIndex(where: { $0.name == name }) else { return nil }
      let old = state.keys[index]
      state.keys[index] = old.rotated(text, at: now())
      state.sessions.removeAll { $0.keyID == old.id }
      return state.keys[index]
    }
    guard let rotated else { return nil }
    try await log.append(AccessEvent.rotated(rotated, by: visitor).draft)
    return (rotated, text)
  }

  public func revokeKey(named name: Text, by visitor: Text?) async throws(EventStoreError) -> Bool {
    let revoked = state.withLock { state -> AccessKey? in
      guard let key = state.keys.first(where: { $0.name == name }) else { return nil }
      state.keys.removeAll { $0.name == name }
      state.sessions.removeAll { $0.keyID == key.id }
      return key
    }
    guard let revoked else { return false }
    views.removeViews(of: .key(name))
    try await log.append(AccessEvent.revoked(revoked, by: visitor).draft)
    return true
  }

  public func beginSession(
    _ id: SecretID, with key: AccessKey, isRemembered: Bool
  ) async throws(EventStoreError) {
    let now = now()
    let isNews = state.withLock { state in
      guard state.keys.contains(where: { $0.id == key.id }) else { return false }
      state.sessions.removeAll { $0.isEnded(at: now) }
      let own = state.sessions.filter { $0.keyID == key.id }
      let old = own.sorted { $0.lastUsed > $1.lastUsed }.dropFirst(Session.maximumCount - 1).map(\.digest)
      state.sessions.removeAll { old.contains($0.digest) }
      state.sessions.append(
        Session(digest: id.digest, keyID: key.id, created: now, lastUsed: now, isRemembered: isRemembered))
      return !own.contains { $0.created.milliseconds > now.milliseconds - Session.loginInterval }
    }
    if isNews { try await log.append(AccessEvent.loggedIn(key).draft) }
  }

  public func endSession(_ id: SecretID) async throws(EventStoreError) {
    let digest = id.digest
    state.withLock { $0.sessions.removeAll { $0.digest == digest } }
  }

  public func endSessions(of key: AccessKey) async throws(EventStoreError) {
    state.withLock { $0.sessions.removeAll { $0.keyID == key.id } }
  }

  public func noteUse(of key: AccessKey, _ session: Session?) {
    let now = now()
    let isFirst = state.withLock { state in
      if let session, let index = state.sessions.firstIndex(where: { $0.digest == session.digest }) {
        state.sessions[index].lastUsed = now
      }
      guard let index = state.keys.firstIndex(where: { $0.id == key.id }) else { return false }
      defer { state.keys[index].lastUsed = now }
      return state.keys[index].lastUsed == nil
    }
    if isFirst { Task { [log] in try? await log.append(AccessEvent.firstUsed(key).draft) } }
  }

  public func noteWrongKey(from address: String?) { wrongKeys.note(from: address) }
}
