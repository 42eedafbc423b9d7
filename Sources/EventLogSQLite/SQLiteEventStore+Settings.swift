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
    /// The number of events that gather before they are added to the text index. Adding a thousand takes 30 ms, and half
    /// the work of adding them one by one.
    var indexBatchSize: Int64 = 1000
    /// The size of the write-ahead log beyond which it is emptied, in bytes.
    var writeAheadLogLimit = WriteAheadLog.softLimit
    /// The time after which an append that is neither recorded nor refused shows that the log cannot be written.
    var patience = Duration.seconds(5)

    public init() {}
  }
}
