public import EventLog
import GRDB
import Linux
import Synchronization
import SystemPackage

/// A log that is only read. Every byte of it stays as it is, and nothing appears next to it, whether others are writing
/// to it, it is a backup, or it lies where this process may not write.
public final class ReadOnlyLog: EventPageSource {
  private struct Connection {
    let queue: DatabaseQueue
    let state: SQLiteFileState?
  }

  private let path: String
  private let acceptsOlder: Bool
  /// Nil until the first read, and between the reads before and after `release()`.
  private let connection: Mutex<Connection?>
  private let index = LogIndex(
    memorySegmentSize: SQLiteEventStore.Settings().memorySegmentSize, logger: .silent)

  /// Opens a log.
  ///
  /// - Parameter path: the path of a file that exists.
  /// - Throws: `EventStoreError` when the file cannot be read without writing, is not an event log, or was written by
  ///   another version, whose schema differs.
  public convenience init(path: String) throws(EventStoreError) {
    do {
      try self.init(path: path, acceptsOlder: false)
    } catch {
      throw Self.named(path, error)
    }
  }

  /// Opens a log that may have an older schema if `acceptsOlder`, as one that is only copied may.
  init(path: String, acceptsOlder: Bool) throws(EventStoreError) {
    let file = FilePath(path).resolvingLinks.string
    self.path = file
    self.acceptsOlder = acceptsOlder
    connection = Mutex(try Self.connect(file, acceptsOlder: acceptsOlder))
  }

  public func page<Item: EventPageItem>(
    _ query: EventQuery, of item: Item.Type
  ) async throws(EventStoreError) -> EventPage<Item> {
    try readPage(query, of: item)
  }

  /// Reads a page on this thread. The contract is that of `page(_:of:)`.
  func readPage<Item: EventPageItem>(
    _ query: EventQuery, of item: Item.Type
  ) throws(EventStoreError) -> EventPage<Item> {
    do {
      return try read { [index] in try PageReader(query, IndexView(index, $0)).page() }
    } catch {
      throw Self.named(path, error)
    }
  }

  /// Counts the most frequent values of a member. The contract is that of `EventStore.facets(_:)`.
  public func facets(_ query: FacetQuery) async throws(EventStoreError) -> EventFacets {
    do {
      return try read { [index] in try FacetReader(query, IndexView(index, $0)).facets() }
    } catch {
      throw Self.named(path, error)
    }
  }

  /// Closes the log's files until the next read. Nobody may be reading.
  func release() {
    let connection = connection.withLock { connection in
      defer { connection = nil }
      return connection
    }
    try? connection?.queue.close()
  }

  /// Reads in one transaction. If somebody begins to write where no lock tells, the read is made again.
  ///
  /// - Parameter body: the read.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` threw, or an error from SQLite, as a store's error.
  func read<Value>(_ body: (Database) throws -> Value) throws(EventStoreError) -> Value {
    let deadline = ContinuousClock.now + .seconds(SQLiteEventStore.busyTimeout)
    while true {
      let connection = try openConnection()
      let result = Result { try connection.queue.read(body) }
      if connection.state.map({ $0 == SQLiteFileState(path) }) ?? true {
        do { return try result.get() } catch { throw Self.storeError(error, path) }
      }
      guard .now < deadline else {
        throw EventStoreError(.busy, cause: "others change it faster than it can be read")
      }
      let other = try Self.connect(path, acceptsOlder: acceptsOlder)
      self.connection.withLock { $0 = other }
    }
  }

  private func openConnection() throws(EventStoreError) -> Connection {
    if let connection = connection.withLock(\.self) { return connection }
    let connection = try Self.connect(path, acceptsOlder: acceptsOlder)
    self.connection.withLock { $0 = connection }
    return connection
  }

  private static func connect(_ path: String, acceptsOlder: Bool) throws(EventStoreError) -> Connection {
    let access = try ReadOnlyAccess(path)
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(SQLiteEventStore.busyTimeout)
    do {
      let queue = try DatabaseQueue(path: access.uri, configuration: configuration)
      try queue.read { database in
        try Schema.refuseForeign(database)
        if !acceptsOlder { try Schema.refuseOlder(database) }
      }
      return Connection(queue: queue, state: access.state)
    } catch {
      throw storeError(error, path)
    }
  }

  /// Explains what SQLite says when it would have to write in order to read.
  private static func storeError(_ error: any Error, _ path: String) -> EventStoreError {
    guard let error = error as? DatabaseError else { return EventStoreError(error) }
    let state = SQLiteFileState(path)
    switch error.resultCode {
    case .SQLITE_READONLY where state.hasJournal:
      return ReadOnlyAccess.refusal(path, SQLiteFile.rollbackJournal)
    case .SQLITE_READONLY where state.walSize != nil, .SQLITE_CANTOPEN where state.walSize != nil:
      return ReadOnlyAccess.refusal(path, SQLiteFile.writeAheadLog)
    default: return EventStoreError(error)
    }
  }

  private static func named(_ path: String, _ error: EventStoreError) -> EventStoreError {
    EventStoreError(error.reason, cause: "cannot read the event log \(path): \(error.cause)")
  }
}
