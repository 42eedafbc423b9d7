/// The size of a log, and how much this process has recorded in it.
public struct StoreStatistics: Sendable, Equatable {
  /// What a log takes on disk, in bytes.
  public struct Disk: Sendable, Equatable {
    /// The size of all files together.
    public let size: Int
    /// The size of the write-ahead log, which is a part of that.
    public let writeAheadLog: Int
    /// By how much the log grows per hour, measured over the last hour; nil in the first minute.
    public let growth: Int?

    public init(size: Int, writeAheadLog: Int, growth: Int?) {
      self.size = size
      self.writeAheadLog = writeAheadLog
      self.growth = growth
    }
  }

  /// The number of events in the log. While the index is being built, this is the number of ids that were given.
  public let events: Int
  /// The number of events that the index has taken in; the newest may be missing without any harm. It is nil when the store
  /// has no index.
  public let indexedEvents: Int?
  /// What the log takes on disk; nil when it is not on disk.
  public let disk: Disk?
  /// The number of transactions in which this process has recorded events.
  public let commits: Int
  /// The number of events that were recorded in these transactions.
  public let committedEvents: Int

  public init(events: Int, indexedEvents: Int?, disk: Disk?, commits: Int, committedEvents: Int) {
    self.events = events
    self.indexedEvents = indexedEvents
    self.disk = disk
    self.commits = commits
    self.committedEvents = committedEvents
  }
}
