/// The state of a log. As long as it stays the same, every question has the same answer.
public struct LogState: Hashable, Sendable {
  /// The newest event's id and timestamp.
  public struct Newest: Hashable, Sendable {
    public let id: EventID
    public let timestamp: Timestamp

    public init(id: EventID, timestamp: Timestamp) {
      self.id = id
      self.timestamp = timestamp
    }
  }

  /// A random number that distinguishes this log from every other log. A backup gets a number of its own, so a restored
  /// log is a different log.
  public let logID: Int64
  /// The newest event's id and timestamp; nil when the log is empty.
  public let newest: Newest?
  /// The number of times that events were ever removed.
  public let removals: Int64

  public init(logID: Int64, newest: Newest?, removals: Int64) {
    self.logID = logID
    self.newest = newest
    self.removals = removals
  }

  /// The newest event's id; nil when the log is empty.
  public var lastID: EventID? { newest?.id }
}

extension LogState {
  /// A short text of letters and digits that differs between states.
  public var fingerprint: String {
    var digest = FNV1a()
    digest.add(UInt64(bitPattern: logID))
    digest.add(UInt64(bitPattern: removals))
    digest.add(UInt64(bitPattern: newest?.id.number ?? 0))
    digest.add(UInt64(bitPattern: newest?.timestamp.milliseconds ?? 0))
    return digest.text
  }
}
