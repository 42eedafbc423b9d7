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

  /// Removes a key and its sessions.
  ///
  /// - Parameters:
  ///   - name: the name of the key.
  ///   - visitor: who does it; nil on the command line.
  /// - Returns: whether a key had the name.
  /// - Throws: `EventStoreError`.
  func revokeKey(named name: Text, by visitor: Text?) async throws(EventStoreError) -> Bool

  /// Begins a session.
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

  /// Notes that a key or a session was used, at most once a minute. Nobody waits for that, and it may get lost.
  ///
  /// - Parameters:
  ///   - key: the key.
  ///   - session: the session that stood for it; nil when the key itself was used.
  func noteUse(of key: AccessKey, _ session: Session?)

  /// Writes what was noted of uses, which a process does before it ends.
  ///
  /// - Throws: `EventStoreError`.
  func writeUses() async throws(EventStoreError)

  /// Notes a wrong key. Nobody waits for that; many of them are recorded together.
  ///
  /// - Parameter address: where it came from; nil when that is not known.
  func noteWrongKey(from address: String?)
}

extension AccessStore {
  /// How old what is known of keys may be.
  public static var usualAge: Duration { .milliseconds(500) }

  /// Does nothing, which is enough where uses are noted at once.
  public func writeUses() async throws(EventStoreError) {}
}
