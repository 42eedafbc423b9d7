public import EventLog
import EventLogAccess
import GRDB
import Glibc
public import Logging
import Synchronization

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

  let database: DatabasePool
  let gate: LogGate
  let writer: LogWriter
  let index: LogIndex
  let sealer: Sealer
  let committer: GroupCommitter
  let keysUnderWay: KeysUnderWay
  let accessCache = AccessCache()
  let accessWriter: AccessWriter
  let accessUses = AccessUses()
  let wrongKeys: WrongKeys
  let watch: LogWatch
  let briefReaders: BriefReaders
  let queryTimeout: Duration
  let patience: Duration
  /// The number of reads that use the pool's connections, or are about to.
  let poolReads = Atomic(0)
  /// Limits the questions that may take long, which leaves most connections to the quick ones.
  let searches = FairSemaphore(permits: 3)
  /// Limits the reads without a time limit, which must not keep others from searching.
  let exports = FairSemaphore(permits: 2)

  /// Opens the log at a path, and creates it if necessary. A log that an older version wrote is brought up to date by
  /// `migrate(_:)`; until then, it can be neither read nor written.
  ///
  /// - Parameters:
  ///   - path: the file's path; its folder must exist, since SQLite puts two more files next to it.
  ///   - settings: the limits of the log, and its clock.
  ///   - logger: is told what happens to the log's files.
  /// - Throws: `EventStoreError` when the file cannot be opened, is not an event log, or was written by a
  ///   newer version of this program.
  public init(opening path: String, _ settings: Settings, logger: Logger) throws(EventStoreError) {
    let files = LogFiles(path: path, logger: logger)
    gate = LogGate(files)
    var configuration = Self.configuration(files)
    configuration.busyMode = .timeout(settings.busyTimeout / .seconds(1))
    do {
      database = try Self.openPool(path, configuration)
      try database.writeWithoutTransaction { [gate] database in
        try database.execute(sql: "PRAGMA synchronous = FULL")
        // What is removed is overwritten otherwise, at a multiple of the cost.
        try database.execute(sql: "PRAGMA secure_delete = OFF")
        try database.execute(sql: "PRAGMA journal_size_limit = \(settings.writeAheadLogLimit)")
        if try Schema.isEmpty(database) { try Schema.migrate(database) }
        try files.identify(database)
        if try Schema.isCurrent(database) { gate.open() }
      }
    } catch {
      throw Self.cannotOpen(path, error)
    }
    queryTimeout = settings.queryTimeout
    patience = settings.patience
    configuration.readonly = true
    briefReaders = BriefReaders(path: path, configuration: configuration, gate)
    watch = LogWatch(files.paths[1], logger: logger)
    writer = LogWriter(database, gate, settings, watch)
    index = LogIndex(memorySegmentSize: settings.memorySegmentSize, logger: logger)
    sealer = Sealer(index, writer, database, batchSize: settings.segmentSize)
    committer = GroupCommitter(writer, sealer, settings)
    keysUnderWay = KeysUnderWay(patience: settings.keyPatience)
    accessWriter = AccessWriter(writer: writer, sealer: sealer, cache: accessCache, now: settings.now)
    wrongKeys = WrongKeys { [accessWriter] wrongKeys in
      try? await accessWriter.change { tables, record, now in
        guard let (count, address) = wrongKeys.take() else { return }
        try AccessWriter.write(wrongKeys: count, from: address)(tables, record, now)
      }
    }
    if !gate.isMigrating { startWork() }
  }

  private static func configuration(_ files: LogFiles) -> Configuration {
    var configuration = Configuration()
    configuration.maximumReaderCount = readerCount
    configuration.prepareDatabase { database in
      if database.configuration.readonly {
        try files.verify(database)
      } else {
        try Schema.refuseForeign(database)
        // This lets a log give room back later. It has no effect once there are tables.
        try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
      }
    }
    return configuration
  }

  /// Opens the log at a path, and creates it or brings its schema up to date if necessary. The parameters and errors are
  /// those of `init(opening:_:logger:)`.
  public convenience init(
    path: String, _ settings: Settings = Settings(), logger: Logger = Logger.silent
  ) throws(EventStoreError) {
    try self.init(opening: path, settings, logger: logger)
    try migrate { _ in }
  }

  deinit {
    // Closing them would put what was written to the removed files into those that have taken their place.
    if !gate.isClosed { try? gate.files.checkEach() }
    if gate.files.isDisplaced { _ = Unmanaged.passRetained(database) }
  }

  static func cannotOpen(_ path: String, _ error: any Error) -> EventStoreError {
    let error = EventStoreError(error)
    return EventStoreError(error.reason, cause: "cannot open the event log \(path): \(error.cause)")
  }

  /// Starts what does not wait for an append.
  func startWork() {
    writer.schedule { [writer] database in try? writer.growth.noteIfDue { try database.size() } }
    _ = try? database.read { [index] in try IndexView(index, $0) }
    // An earlier version, or a process that was killed, may have left events that are not indexed.
    sealer.start()
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
        return try briefReaders.read { [index] database, cache in
          try cache.page(query) { try PageReader(query, IndexView(index, database)).page() }
        }
      case .bounded, .search, .export:
        return try await read(kind) { [index] in try PageReader(query, IndexView(index, $0)).page() }
      }
    } catch {
      throw EventStoreError(error)
    }
  }

  public func statistics() async throws(EventStoreError) -> StoreStatistics {
    let (events, size) = try await read(.brief) { [index] database in
      (try index.count(database), try database.size())
    }
    writer.growth.noteIfDue { size }
    let (commits, committedEvents) = committer.counts
    return StoreStatistics(
      events: events.all, indexedEvents: events.indexed,
      disk: gate.files.sizes(growth: writer.growth.bytesPerHour(size: size)),
      commits: commits, committedEvents: committedEvents)
  }

  public func histogram(_ query: HistogramQuery) async throws(HistogramError) -> EventHistogram {
    let outcome: Result<EventHistogram, InvalidQuery>
    do {
      outcome = try await read(.search(by: query.client)) { [index] database in
        do {
          return .success(try HistogramReader(query, IndexView(index, database)).histogram())
        } catch let error as InvalidQuery {
          return .failure(error)
        }
      }
    } catch {
      throw .store(error)
    }
    do { return try outcome.get() } catch { throw .invalid(error) }
  }

  public func facets(_ query: FacetQuery) async throws(EventStoreError) -> EventFacets {
    try await read(.search(by: query.client)) { [index] in
      try FacetReader(query, IndexView(index, $0)).facets()
    }
  }

  public func event(_ id: EventID) async throws(EventStoreError) -> Event? {
    try await events(IDRange(lower: id.number, upper: id.number)).first
  }

  /// Reads the events that have any of some ids, in the order of ids.
  func events(_ ids: IDRange) async throws(EventStoreError) -> [Event] {
    try await read(.brief) { database in
      var events: [Event] = []
      _ = try EventRows(EventColumn.all, database).forEach(in: ids, ascending: true) { row in
        events.append(try EventRow(row).item())
        return true
      }
      return events
    }
  }

  public func betweenTransactions(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
      writer.schedule { _ in
        body()
        continuation.resume()
      }
    }
  }

  public func state() async throws(EventStoreError) -> LogState {
    try await read(.brief) { try $0.logState() }
  }
}
