public import EventLog
public import Text

/// The place where a log's keys and sessions are kept. Several processes may share it.
///
/// What is done is recorded in the log as a `system` event of the source `AccessEvent.source`, together with it: both or
/// neither.
public protocol AccessStore: Sendable {
  /// Returns the keys and sessions.
  ///
  /// - Parameter maximumAge: how old the answer may be. One of a second costs next to nothing.
  /// - Returns: the keys and sessions, in which everything is that this process has changed before.
  /// - Throws: `EventStoreError`.
  func snapshot(maximumAge: Duration) async throws(EventStoreError) -> AccessSnapshot

  /// Makes a key.
  ///
  /// - Parameters:
  ///   - key: what is asked of the key.
  ///   - visitor: who makes it; nil on the command line.
  /// - Returns: the key and its text, which nobody gets to know again; nil, without any effect, when another key has the name.
  /// - Throws: `EventStoreError`.
  func makeKey(_ key: NewKey, by visitor: Text?) async throws(EventStoreError) -> (
    key: AccessKey, text: KeyText
  )?

  /// Gives a key another text, and ends the old one and its sessions at once.
  ///
  /// - Parameters:
  ///   - name: the name of the key.
  ///   - visitor: who does it; nil on the command line.
  /// - Returns: the key and its new text; nil when no key has the name.
  /// - Throws: `EventStoreError`.
  func rotateKey(named name: Text, by visitor: Text?) async throws(EventStoreError) -> (
    key: AccessKey, text: KeyText
  )?

  /// Removes a key, its sessions and its saved views.
  ///
  /// - Parameters:
  ///   - name: the name of the key.
  ///   - visitor: who does it; nil on the command line.
  /// - Returns: whether a key had the name.
  /// - Throws: `EventStoreError`.
  func revokeKey(named name: Text, by visitor: Text?) async throws(EventStoreError) -> Bool

  /// Begins a session, unless the key was rotated or revoked in the meantime.
  ///
  /// - Parameters:
  ///   - id: its id.
  ///   - key: the key that somebody logged in with.
  ///   - isRemembered: whether the browser keeps it when it is closed.
  /// - Throws: `EventStoreError`.
  func beginSession(_ id: SecretID, with key: AccessKey, isRemembered: Bool) async throws(EventStoreError)

  /// Ends a session, if there is one.
  ///
  /// - Throws: `EventStoreError`.
  func endSession(_ id: SecretID) async throws(EventStoreError)

  /// Ends all sessions that were begun with a key.
  ///
  /// - Throws: `EventStoreError`.
  func endSessions(of key: AccessKey) async throws(EventStoreError)

  /// Notes that a key or a session was used. Nobody waits for that. The first use of a key is written at once, and others at
  /// most once a minute; a process that is killed may lose them.
  ///
  /// - Parameters:
  ///   - key: the key.
  ///   - session: the session that stood for it; nil when the key itself was used.
  func noteUse(of key: AccessKey, _ session: Session?)

  /// Notes a wrong key. Nobody waits for that; those of a minute are recorded together.
  ///
  /// - Parameter address: where it came from; nil when that is not known.
  func noteWrongKey(from address: String?)
}

extension AccessStore {
  /// How old what is known of keys may be.
  public static var usualAge: Duration { .milliseconds(500) }
}
