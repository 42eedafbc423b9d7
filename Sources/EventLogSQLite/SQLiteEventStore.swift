public import EventLog
import GRDB
import Glibc

/// A log in a single SQLite file, which several processes may share.
///
/// The file is in WAL mode with `synchronous=FULL`: when an append returns, its events have been fsynced.
/// Reads run on their own connections and never wait for a writer.
public final class SQLiteEventStore: EventStore {
  /// How long a call waits while another process writes to the same file, in seconds.
  static let busyTimeout = 10.0
  /// The number of connections in the pool, which serves the reads that are not brief.
  static let readerCount = 8
  /// The largest page that is read on the caller's own thread, in events: reading it costs less than switching threads.
  static let briefPageSize = 100

  /// The number of events that are added to the text index at once, which takes 30 ms and half the work of adding them
  /// one by one.
  private static let indexBatchSize: Int64 = 1000
  /// The default time limit of a query, in seconds.
  public static let defaultQueryTimeout = 10

  let database: DatabasePool
  let briefReaders: BriefReaders
  let committer: GroupCommitter
  let queryTimeout: Duration
  let indexBatchSize: Int64
  let now: @Sendable () -> Timestamp
  /// Limits the questions that may take long, which leaves most connections to the quick ones.
  let searches = FairSemaphore(permits: 3)
  /// Limits the reads without a time limit, which must not keep others from searching.
  let exports = FairSemaphore(permits: 2)

  /// Opens the log at a path, and creates it or brings its schema up to date if necessary.
  ///
  /// - Parameters:
  ///   - path: the file's path; its folder must exist, since SQLite puts two more files next to it.
  ///   - queryTimeout: how long finding one page or histogram may take, in seconds.
  ///   - now: the clock that timestamps are read from.
  /// - Throws: `EventStoreError` when the file cannot be opened, is not an event log, or was written by a
  ///   newer version of this program.
  public convenience init(
    path: String, queryTimeout: Int = defaultQueryTimeout,
    now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) throws(EventStoreError) {
    try self.init(
      path: path, queryTimeout: .seconds(queryTimeout), indexBatchSize: Self.indexBatchSize, now: now)
  }

  init(
    path: String, queryTimeout: Duration, indexBatchSize: Int64, now: @escaping @Sendable () -> Timestamp
  ) throws(EventStoreError) {
    var configuration = Configuration()
    configuration.busyMode = .timeout(Self.busyTimeout)
    configuration.maximumReaderCount = Self.readerCount
    configuration.prepareDatabase { database in
      if !database.configuration.readonly { try Schema.refuseForeign(database) }
    }
    do {
      database = try Self.openPool(path, configuration)
      try database.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA synchronous = FULL")
        try Schema.migrate(database)
      }
    } catch {
      let error = EventStoreError(error)
      throw EventStoreError(error.reason, cause: "cannot open the event log \(path): \(error.cause)")
    }
    self.queryTimeout = queryTimeout
    self.indexBatchSize = indexBatchSize
    self.now = now
    configuration.readonly = true
    briefReaders = BriefReaders(path: path, configuration: configuration)
    committer = GroupCommitter(database: database, indexBatchSize: indexBatchSize, now: now)
    // An earlier version, or a process that was killed, may have left events that are not indexed.
    database.asyncWriteWithoutTransaction { TextIndex.fill(by: indexBatchSize, $0) }
  }

  /// Opens the pool, and tries again while another process gets in the way.
  ///
  /// GRDB's first transaction reads and then writes. If another process writes in between, SQLite refuses it at once,
  /// since waiting would not help; starting over does.
  private static func openPool(_ path: String, _ configuration: Configuration) throws -> DatabasePool {
    let deadline = ContinuousClock.now + .seconds(busyTimeout)
    while true {
      do {
        return try DatabasePool(path: path, configuration: configuration)
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && .now < deadline {
        usleep(10_000)
      }
    }
  }

  @discardableResult
  public func append(_ drafts: [EventDraft]) async throws(EventStoreError) -> [Event] {
    drafts.isEmpty ? [] : try await committer.append(drafts)
  }

  @specialized(where Item == Event)
  @specialized(where Item == EventJSON)
  public func page<Item: EventPageItem>(
    _ query: EventQuery, of item: Item.Type
  ) async throws(EventStoreError) -> EventPage<Item> {
    let kind = readKind(of: query)
    do {
      switch kind {
      case .brief:
        // A page is kept for every client.
        var query = query
        query.client = nil
        return try briefReaders.read { database, cache in
          try cache.page(query) { try PageReader(query, mayScan: false, database).page() }
        }
      case .bounded: return try await database.read { try PageReader(query, mayScan: false, $0).page() }
      case .search, .export: break
      }
    } catch is PageReader<Item>.ScanIsNeeded {
    } catch {
      throw EventStoreError(error)
    }
    return try await read(longKind(of: query)) { try PageReader(query, mayScan: true, $0).page() }
  }

  public func statistics() async throws(EventStoreError) -> StoreStatistics {
    let events = try await read(.brief) { database in
      try EventType.allCases.reduce(0) { $0 + Int(try Ordinals.last(of: $1, upTo: .max, database)) }
    }
    let (commits, committedEvents) = committer.counts
    return StoreStatistics(
      events: events, size: size, commits: commits, committedEvents: committedEvents)
  }

  /// The size of the file and of those that SQLite keeps next to it, in bytes.
  private var size: Int {
    ([""] + SQLiteFile.companions).reduce(0) { size, suffix in
      var status = stat()
      return stat(database.path + suffix, &status) == 0 ? size + Int(status.st_size) : size
    }
  }

  public func histogram(_ query: HistogramQuery) async throws(HistogramError) -> EventHistogram {
    let outcome: Result<EventHistogram, InvalidQuery>
    do {
      outcome = try await read(.search(by: query.client)) { database in
        do {
          return .success(try HistogramReader(query, database).histogram())
        } catch let error as InvalidQuery {
          return .failure(error)
        }
      }
    } catch {
      throw .store(error)
    }
    do { return try outcome.get() } catch { throw .invalid(error) }
  }

  public func event(_ id: EventID) async throws(EventStoreError) -> Event? {
    try await read(.brief) { database in
      let statement = try database.cachedStatement(
        sql: "SELECT \(EventColumn.selection()) FROM event WHERE id = ?")
      var event: Event?
      try statement.forEachRow([id.number]) { row in
        event = try EventRow(row).item()
        return false
      }
      return event
    }
  }

  public func state() async throws(EventStoreError) -> LogState {
    try await read(.brief) { try $0.logState() }
  }

  public func restore(
    _ events: [Event], after lastID: EventID?
  ) async throws(EventStoreError) -> Bool {
    do {
      let isRestored = try await database.write { database in
        // The sequence, not the table, tells which id was assigned last.
        let last = try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'event'")
        guard last == lastID?.number else { return false }
        var inserter = try EventInserter(database)
        for event in events { try inserter.insert(event) }
        return true
      }
      if isRestored {
        try await database.writeWithoutTransaction { [indexBatchSize] in
          TextIndex.fill(by: indexBatchSize, $0)
        }
      }
      return isRestored
    } catch {
      throw EventStoreError(error)
    }
  }
}
