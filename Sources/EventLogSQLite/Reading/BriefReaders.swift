import EventLog
import GRDB
import Synchronization

/// Connections for reads that are so short that they stay on their caller's thread. There are as many connections as
/// such reads at the same time, which is one per thread.
final class BriefReaders: Sendable {
  private let path: String
  private let configuration: Configuration
  /// The number of connections that are kept. A thread other than the workers' that reads now and then is no reason to
  /// keep files open permanently.
  private static let maximumFree = 8

  /// The readers that are not in use. The one that was used last is taken first, since its cache is the most likely to
  /// be useful.
  private let free = Mutex<[BriefReader]>([])

  /// - Parameters:
  ///   - path: the path of a file that exists.
  ///   - configuration: the configuration of the connections, which must be read-only.
  init(path: String, configuration: Configuration) {
    self.path = path
    self.configuration = configuration
  }

  /// Reads in its own transaction, which sees the log at one moment.
  ///
  /// - Parameter body: receives the connection and its cached pages of the log as it is at that moment.
  /// - Returns: what `body` returned.
  /// - Throws: any error from SQLite, or what `body` throws.
  func read<Value>(_ body: (Database, inout PageCache) throws -> Value) throws -> Value {
    let reader =
      try free.withLock { $0.popLast() }
      ?? BriefReader(connection: DatabaseQueue(path: path, configuration: configuration))
    defer {
      free.withLock { free in
        if free.count < Self.maximumFree { free.append(reader) }
      }
    }
    return try reader.read(body)
  }
}

/// A connection and its cache. The caller that has taken it from `BriefReaders` is its only user.
private final class BriefReader: @unchecked Sendable {
  private let connection: DatabaseQueue
  private var cache = PageCache()

  init(connection: DatabaseQueue) {
    self.connection = connection
  }

  func read<Value>(_ body: (Database, inout PageCache) throws -> Value) throws -> Value {
    try connection.unsafeRead { database in
      try database.cachedStatement(sql: "BEGIN").run()
      // A transaction that has only read can always be committed.
      defer { try? database.cachedStatement(sql: "COMMIT").run() }
      // The version changes with every commit of another connection, and this connection commits nothing.
      let version = try database.cachedStatement(sql: "PRAGMA data_version").firstInteger()
      cache.keepOnly(version: version ?? 0)
      return try body(database, &cache)
    }
  }
}
