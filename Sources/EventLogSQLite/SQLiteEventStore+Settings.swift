public import EventLog

extension SQLiteEventStore {
  /// What a log is opened with.
  public struct Settings: Sendable {
    /// The default of `queryTimeout`, in seconds.
    public static let defaultQueryTimeout = 10

    /// How long finding one page or histogram may take.
    public var queryTimeout = Duration.seconds(defaultQueryTimeout)
    /// The most that the log and its write-ahead log may take on disk, in bytes; nil when only the disk limits them.
    public var maximumSize: Int?
    /// The clock that timestamps are read from.
    public var now: @Sendable () -> Timestamp = Timestamp.now
    /// How long an `IdempotencyKey` is kept.
    public var idempotencyWindow = IdempotencyKey.defaultWindow
    /// How long an append waits for another one under the same key.
    var keyPatience = IdempotencyKey.patience
    /// The number of new events that make a segment of the index.
    var segmentSize = 2048
    /// The number of new events that are indexed in memory together; fewer are read one by one.
    var memorySegmentSize = 128
    /// The size of the write-ahead log beyond which it is emptied, in bytes.
    var writeAheadLogLimit = WriteAheadLog.softLimit
    /// How long a call waits while another process writes to the same file. Whoever has something to say or to look at
    /// meanwhile waits for less, and tries again.
    public var busyTimeout = Duration.seconds(SQLiteEventStore.busyTimeout)
    /// The time after which an append that is neither recorded nor refused shows that the log cannot be written.
    var patience = Duration.seconds(5)

    public init() {}
  }
}
