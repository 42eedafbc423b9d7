/// How large a log is, and what this process has recorded in it.
public struct StoreStatistics: Sendable, Equatable {
  /// How many events there are.
  public let events: Int
  /// On disk, in bytes; nil where it is not on disk.
  public let size: Int?
  /// Transactions in which this process has recorded events.
  public let commits: Int
  /// Events that were recorded in them.
  public let committedEvents: Int

  public init(events: Int, size: Int?, commits: Int, committedEvents: Int) {
    self.events = events
    self.size = size
    self.commits = commits
    self.committedEvents = committedEvents
  }
}
