/// The size of a log, and how much this process has recorded in it.
public struct StoreStatistics: Sendable, Equatable {
  /// The number of events in the log.
  public let events: Int
  /// The size of the log on disk in bytes; nil when it is not on disk.
  public let size: Int?
  /// The number of transactions in which this process has recorded events.
  public let commits: Int
  /// The number of events that were recorded in these transactions.
  public let committedEvents: Int

  public init(events: Int, size: Int?, commits: Int, committedEvents: Int) {
    self.events = events
    self.size = size
    self.commits = commits
    self.committedEvents = committedEvents
  }
}
