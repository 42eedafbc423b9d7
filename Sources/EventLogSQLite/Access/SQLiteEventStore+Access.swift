public import EventLog
public import EventLogAccess
import GRDB
public import Text

extension SQLiteEventStore: AccessStore {
  public func snapshot(maximumAge: Duration) async throws(EventStoreError) -> AccessSnapshot {
    if let known = accessCache.snapshot(maximumAge: maximumAge) { return known }
    let now = ContinuousClock.now
    return try await read(.brief) { [accessCache] database in
      let tables = AccessTables(database)
      let version = try tables.version
      if let known = accessCache.snapshot(version: version, at: now) { return known }
      let snapshot = try tables.snapshot()
      accessCache.keep(snapshot, version: version, at: now)
      return snapshot
    }
  }

  public func makeKey(
    _ key: NewKey, by visitor: Text?
  ) async throws(EventStoreError) -> (key: AccessKey, text: KeyText)? {
    try await changeAccess { tables, record, now in
      guard try !tables.keys().contains(where: { $0.name == key.name }) else { return nil }
      let text = KeyText()
      let made = AccessKey(key, text, at: now)
      try tables.insert(made)
      try record(.made(made, by: visitor))
      return (made, text)
    }
  }

  public func rotateKey(
    named name: Text, by visitor: Text?
  ) async throws(EventStoreError) -> (key: AccessKey, text: KeyText)? {
    try await changeAccess { tables, record, now in
      guard let old = try tables.keys().first(where: { $0.name == name }) else { return nil }
      let text = KeyText()
      let rotated = old.rotated(text, at: now)
      try tables.remove(old)
      try tables.insert(rotated)
      try record(.rotated(rotated, by: visitor))
      return (rotated, text)
    }
  }

  public func revokeKey(named name: Text, by visitor: Text?) async throws(EventStoreError) -> Bool {
    try await changeAccess { tables, record, _ in
      guard let key = try tables.keys().first(where: { $0.name == name }) else { return false }
      try tables.remove(key)
      try record(.revoked(key, by: visitor))
      return true
    }
  }

  public func beginSession(
    _ id: SecretID, with key: AccessKey, isRemembered: Bool
  ) async throws(EventStoreError) {
    let digest = id.digest
    try await changeAccess { tables, record, now in
      try tables.insert(
        Session(digest: digest, keyID: key.id, created: now, lastUsed: now, isRemembered: isRemembered))
      try record(.loggedIn(key))
    }
  }

  public func endSession(_ id: SecretID) async throws(EventStoreError) {
    let digest = id.digest
    try await changeAccess { tables, _, _ in try tables.removeSession(digest) }
  }

  public func endSessions(of key: AccessKey) async throws(EventStoreError) {
    try await changeAccess { tables, _, _ in try tables.removeSessions(of: key) }
  }

  public func noteUse(of key: AccessKey, _ session: Session?) {
    let pause = accessUses.note(
      key.id, session?.digest, at: committer.now(), isFirst: key.lastUsed == nil)
    guard let pause else { return }
    Task { [weak self] in
      try? await Task.sleep(for: pause)
      try? await self?.writeUses()
    }
  }

  public func noteWrongKey(from address: String?) { wrongKeys.note(from: address) }

  public func writeUses() async throws(EventStoreError) {
    let uses = accessUses.take()
    if uses.isEmpty { return }
    try await changeAccess { tables, record, _ in
      let keys = try tables.keys()
      for (id, moment) in uses.keys where try tables.noteUse(of: id, at: moment) {
        if let key = keys.first(where: { $0.id == id }) { try record(.firstUsed(key)) }
      }
      for (digest, moment) in uses.sessions { try tables.noteUse(ofSession: digest, at: moment) }
    }
  }

  /// Changes keys or sessions, and records what was done, in one transaction.
  ///
  /// - Parameter body: makes the changes; it receives what records an event, and the time.
  /// - Returns: what `body` returned, when it is on disk.
  /// - Throws: `EventStoreError`; nothing is changed then.
  private func changeAccess<Value: Sendable>(
    _ body: @escaping @Sendable (AccessTables, (AccessEvent) throws -> Void, Timestamp) throws -> Value
  ) async throws(EventStoreError) -> Value {
    try gate.checkBeforeTransaction()
    do {
      let value = try await writer.run { [writer, sealer, now = committer.now] database in
        var lastID: EventID?
        let value = try writer.transaction(database) {
          let (tables, now) = (AccessTables(database), now())
          let value = try body(
            tables, { lastID = try EventInserter(database).insert($0.draft, timestamp: now).id }, now)
          try tables.noteChange()
          return value
        }
        if let lastID { sealer.startIfDue(lastID: lastID.number, textSize: 0) }
        writer.writeAheadLog.keepSmall(database)
        return value
      }
      accessCache.forget()
      return value
    } catch {
      throw EventStoreError(error)
    }
  }
}
