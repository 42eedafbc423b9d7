public import EventLog
public import EventLogAccess
import GRDB
public import Text

extension SQLiteEventStore: AccessStore {
  /// How long the end of the use of the store waits for other processes.
  private static let lastPatience = Duration.milliseconds(200)

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
    try await accessWriter.change { tables, record, now in
      guard try !tables.keys().contains(where: { $0.name == key.name }) else { return nil }
      let text = KeyText()
      let made = AccessKey(key, text, at: now)
      try tables.insert(made)
      try tables.noteChange()
      try record(.made(made, by: visitor))
      return (made, text)
    }
  }

  public func rotateKey(
    named name: Text, by visitor: Text?
  ) async throws(EventStoreError) -> (key: AccessKey, text: KeyText)? {
    try await accessWriter.change { tables, record, now in
      guard let old = try tables.keys().first(where: { $0.name == name }) else { return nil }
      let text = KeyText()
      let rotated = old.rotated(text, at: now)
      try tables.remove(old)
      try tables.insert(rotated)
      try tables.noteChange()
      try record(.rotated(rotated, by: visitor))
      return (rotated, text)
    }
  }

  public func revokeKey(named name: Text, by visitor: Text?) async throws(EventStoreError) -> Bool {
    try await accessWriter.change { tables, record, _ in
      guard let key = try tables.keys().first(where: { $0.name == name }) else { return false }
      try tables.remove(key)
      try ViewTable(tables.database).removeAll(of: .key(name))
      try tables.noteChange()
      try record(.revoked(key, by: visitor))
      return true
    }
  }

  public func beginSession(
    _ id: SecretID, with key: AccessKey, isRemembered: Bool
  ) async throws(EventStoreError) {
    let digest = id.digest
    try await accessWriter.change { tables, record, now in
      guard try tables.keys().contains(where: { $0.id == key.id }) else { return }
      let isNews = try !tables.hasSession(of: key, since: now.milliseconds - Session.loginInterval)
      try tables.insert(
        Session(digest: digest, keyID: key.id, created: now, lastUsed: now, isRemembered: isRemembered))
      try tables.noteChange()
      if isNews { try record(.loggedIn(key)) }
    }
  }

  public func endSession(_ id: SecretID) async throws(EventStoreError) {
    let digest = id.digest
    try await accessWriter.change { tables, _, _ in
      try tables.removeSession(digest)
      try tables.noteChange()
    }
  }

  public func endSessions(of key: AccessKey) async throws(EventStoreError) {
    try await accessWriter.change { tables, _, _ in
      try tables.removeSessions(of: key)
      try tables.noteChange()
    }
  }

  public func noteUse(of key: AccessKey, _ session: Session?) {
    guard let pause = accessUses.note(key, session, at: committer.now()) else { return }
    Task { [weak self] in
      try? await Task.sleep(for: pause)
      guard let self else { return }
      // They are taken when it is their turn to be written, so that whoever closes the store finds what is not written yet.
      try? await accessWriter.change { [accessUses] tables, record, now in
        try AccessWriter.write(accessUses.take())(tables, record, now)
      }
    }
  }

  public func noteWrongKey(from address: String?) { wrongKeys.note(from: address) }

  /// Writes what was noted of keys, since the use of the store ends. Others who keep the log busy are not waited for.
  func writeLastNotes() {
    guard !gate.isMigrating, !gate.isClosed else { return }
    try? database.writeWithoutTransaction { [accessWriter, accessUses, wrongKeys] database in
      let (uses, wrong) = (accessUses.take(), wrongKeys.take())
      if uses.isEmpty, wrong == nil { return }
      try database.waiting(atMost: Self.lastPatience) {
        try accessWriter.change(database) { tables, record, now in
          try AccessWriter.write(uses)(tables, record, now)
          if let (count, address) = wrong {
            try AccessWriter.write(wrongKeys: count, from: address)(tables, record, now)
          }
        }
      }
    }
  }
}
