public import EventLog
public import Text

/// All keys and sessions of a log, as they were at one moment.
public struct AccessSnapshot: Sendable {
  private let keysByID: [Text: AccessKey]
  private let sessions: [[UInt8]: Session]

  public init(keys: [AccessKey], sessions: [Session]) {
    keysByID = Dictionary(keys.map { ($0.id, $0) }) { first, _ in first }
    self.sessions = Dictionary(sessions.map { ($0.digest, $0) }) { first, _ in first }
  }

  /// The keys by name.
  public var keys: [AccessKey] { keysByID.values.sorted { $0.name < $1.name } }

  /// Whether there is a key that has not ended.
  public func hasKey(at now: Timestamp) -> Bool { keysByID.values.contains { !$0.isEnded(at: now) } }

  /// Returns the key of a name.
  public func key(named name: Text) -> AccessKey? { keysByID.values.first { $0.name == name } }

  /// Finds the key that somebody presents. It takes the same time for a wrong secret and an unknown id.
  ///
  /// - Parameters:
  ///   - text: what is presented.
  ///   - now: the time.
  /// - Returns: nil when the key is wrong, was revoked, or has ended.
  public func key(_ text: KeyText, at now: Timestamp) -> AccessKey? {
    let key = keysByID[text.id]
    let isRight = Digest.areEqual(text.digest, key?.digest ?? Self.noDigest)
    guard let key, isRight, !key.isEnded(at: now) else { return nil }
    return key
  }

  /// Finds the session of a browser, and the key that it was begun with.
  ///
  /// - Parameters:
  ///   - id: the session's id.
  ///   - now: the time.
  /// - Returns: nil when there is no such session, or it or its key has ended.
  public func session(_ id: SecretID, at now: Timestamp) -> (session: Session, key: AccessKey)? {
    guard let session = sessions[id.digest], !session.isEnded(at: now), let key = keysByID[session.keyID],
      !key.isEnded(at: now)
    else { return nil }
    return (session, key)
  }

  private static let noDigest = [UInt8](repeating: 0, count: 32)
}
