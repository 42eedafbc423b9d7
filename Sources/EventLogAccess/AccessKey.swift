public import EventLog
public import Text

/// A key as a log keeps it: who has it, and what they may do. Its secret is not there.
public struct AccessKey: Hashable, Sendable {
  /// The public part of the key's text.
  public let id: Text
  /// The name by which people know it, which no other key has. What was recorded with the key says so.
  public let name: Text
  public let roles: Set<KeyRole>
  /// The only source that is recorded and read with the key; nil for all.
  public let source: Text?
  public let created: Timestamp
  /// When it was used last, to the minute; nil before the first time.
  public var lastUsed: Timestamp?
  /// The first moment at which it can no longer be used; nil if it does not end.
  public let ends: Timestamp?
  /// The SHA-256 of its text.
  public let digest: [UInt8]

  public init(
    id: Text, name: Text, roles: Set<KeyRole>, source: Text?, created: Timestamp, lastUsed: Timestamp? = nil,
    ends: Timestamp?, digest: [UInt8]
  ) {
    self.id = id
    self.name = name
    self.roles = roles
    self.source = source
    self.created = created
    self.lastUsed = lastUsed
    self.ends = ends
    self.digest = digest
  }

  /// Returns whether the key can no longer be used.
  public func isEnded(at now: Timestamp) -> Bool { ends.map { $0 <= now } ?? false }

  /// Makes a key.
  ///
  /// - Parameters:
  ///   - key: what was asked of it.
  ///   - text: its text.
  ///   - now: the time.
  public init(_ key: NewKey, _ text: KeyText, at now: Timestamp) {
    self.init(
      id: text.id, name: key.name, roles: key.roles, source: key.source, created: now,
      ends: key.span.map { Timestamp(milliseconds: now.milliseconds + $0.seconds * 1000) },
      digest: text.digest)
  }

  /// Returns the key with another text. It has not been used yet, and can be used for as long as the old one could.
  public func rotated(_ text: KeyText, at now: Timestamp) -> AccessKey {
    AccessKey(
      id: text.id, name: name, roles: roles, source: source, created: now,
      ends: ends.map { Timestamp(milliseconds: now.milliseconds + $0.milliseconds - created.milliseconds) },
      digest: text.digest)
  }
}
