public import EventLog
public import Text

/// A browser that somebody has logged in with a key. It can do what the key can, for as long as the key can.
public struct Session: Hashable, Sendable {
  /// The SHA-256 of its id.
  public let digest: [UInt8]
  /// The id of the key.
  public let keyID: Text
  public let created: Timestamp
  /// When it was used last, to the minute.
  public var lastUsed: Timestamp
  /// Whether the browser keeps it when it is closed.
  public let isRemembered: Bool

  public init(digest: [UInt8], keyID: Text, created: Timestamp, lastUsed: Timestamp, isRemembered: Bool) {
    self.digest = digest
    self.keyID = keyID
    self.created = created
    self.lastUsed = lastUsed
    self.isRemembered = isRemembered
  }

  /// The most sessions of a key; the oldest go first.
  public static let maximumCount = 100
  /// The time within which further logins with a key are not recorded, in milliseconds.
  public static let loginInterval: Int64 = 60_000

  /// How long a session lasts without being used, in milliseconds.
  public static func idleTime(isRemembered: Bool) -> Int64 { isRemembered ? 14 * day : day / 2 }
  /// How long a session lasts in all, in milliseconds.
  public static func wholeTime(isRemembered: Bool) -> Int64 { isRemembered ? 90 * day : day }
  private static let day: Int64 = 86_400_000

  /// Returns whether the session has ended.
  public func isEnded(at now: Timestamp) -> Bool {
    now.milliseconds - lastUsed.milliseconds >= Self.idleTime(isRemembered: isRemembered)
      || now.milliseconds - created.milliseconds >= Self.wholeTime(isRemembered: isRemembered)
  }
}
