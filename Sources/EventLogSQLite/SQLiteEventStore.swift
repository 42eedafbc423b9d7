public import EventLog
import GRDB

/// A log in one SQLite file, which several processes may share.
///
/// The file is in WAL mode with `synchronous=FULL`: when an append returns, its events have been fsynced.
/// Reads run on a pool of connections of their own and never wait for a writer.
public final class SQLiteEventStore: EventStore {
  /// How long a call waits for another process that writes to the same file, in seconds.
  static let busyTimeout = 10.0
  /// Connections that read at the same time.
  static let readerCount = 8
  /// The largest page that is read on the caller's own thread: it costs less than to change threads.
  static let briefPageSize = 100

  let database: DatabasePool
  private let committer: GroupCommitter

  /// Opens the log at a path, and makes it or brings its schema up to date where need be.
  ///
  /// - Parameters:
  ///   - path: of the file; its folder must exist, since SQLite puts two more files beside it.
  ///   - now: the clock that timestamps are read from.
  /// - Throws: `EventStoreError` when the file cannot be opened, is not an event log, or was written by a
  ///   newer version of this program.
  public init(
    path: String, now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) throws(EventStoreError) {
    var configuration = Configuration()
    configuration.busyMode = .timeout(Self.busyTimeout)
    configuration.maximumReaderCount = Self.readerCount
    configuration.prepareDatabase { database in
      if !database.configuration.readonly { try Schema.refuseForeign(database) }
    }
    do {
      database = try DatabasePool(path: path, configuration: configuration)
      try database.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA synchronous = FULL")
        try Schema.migrate(database)
      }
    } catch {
      let error = EventStoreError(error)
      throw EventStoreError(error.reason, cause: "cannot open the event log \(path): \(error.cause)")
    }
    committer = GroupCommitter(database: database, now: now)
  }

  @discardableResult
  public func append(_ drafts: [EventDraft]) async throws(EventStoreError) -> [Event] {
    drafts.isEmpty ? [] : try await committer.append(drafts)
  }

  public func page(_ query: EventQuery) async throws(EventStoreError) -> EventPage {
    let found = try await read(isBrief: query.pageSize <= Self.briefPageSize) { database in
      let (sql, arguments) = PageStatement.make(query)
      return try EventRow.fetchAll(database.cachedStatement(sql: sql), arguments: arguments)
    }
    return EventPage(found: found, of: query)
  }

  public func event(_ id: EventID) async throws(EventStoreError) -> Event? {
    try await read(isBrief: true) { database in
      let statement = try database.cachedStatement(
        sql: "SELECT \(EventRow.columns) FROM event WHERE id = ?")
      return try EventRow.fetchAll(statement, arguments: [id.number]).first
    }
  }

  public func lastID() async throws(EventStoreError) -> EventID? {
    try await read(isBrief: true) { database in
      try Int64.fetchOne(database.cachedStatement(sql: "SELECT max(id) FROM event")).flatMap(EventID.init)
    }
  }

  public func restore(_ events: [Event]) async throws(EventStoreError) -> Bool {
    do {
      return try await database.write { database in
        // The sequence, and not the table, tells whether an id was ever given.
        let isUnused = try Bool.fetchOne(database, sql: "SELECT NOT EXISTS (SELECT 1 FROM sqlite_sequence)")
        guard isUnused == true else { return false }
        for event in events { try EventRow.insert(event, database) }
        return true
      }
    } catch {
      throw EventStoreError(error)
    }
  }

  /// Runs a read on one of the pool's connections. This is where GRDB's untyped errors end.
  ///
  /// - Parameters:
  ///   - isBrief: whether to stay on this thread; else it leaves for one of the pool's, and the caller's task
  ///     is suspended.
  ///   - body: the read, in a transaction of its own.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` threw, as the store's error.
  private func read<Value: Sendable>(
    isBrief: Bool, _ body: @Sendable (Database) throws -> Value
  ) async throws(EventStoreError) -> Value {
    do {
      return isBrief ? try readHere(body) : try await database.read(body)
    } catch {
      throw EventStoreError(error)
    }
  }

  /// In a function that is not asynchronous, so that GRDB reads on this thread.
  private func readHere<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try database.read(body)
  }
}
