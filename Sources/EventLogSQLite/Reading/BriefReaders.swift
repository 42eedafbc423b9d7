import EventLog
import GRDB
import Synchronization

/// Connections for reads that are over so soon that they stay on their caller's thread. There are as many as such
/// reads run at the same time, which is one a thread.
final class BriefReaders: Sendable {
  private let path: String
  private let configuration: Configuration
  /// How many are kept: a thread that reads beside the workers now and then is no reason to hold files open for good.
  private static let maximumFree = 8

  /// The one that was used last is taken first: what it remembers is likely to be of use.
  private let free = Mutex<[BriefReader]>([])

  /// - Parameters:
  ///   - path: of a file that is there.
  ///   - configuration: of the connections, which only read.
  init(path: String, configuration: Configuration) {
    self.path = path
    self.configuration = configuration
  }

  /// Reads in a transaction of its own: what it sees is the log at one moment.
  ///
  /// - Parameter body: gets the connection, and what it remembers of the log as it is at this moment.
  /// - Returns: what `body` returned.
  /// - Throws: what SQLite or `body` throws.
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

/// A connection and what it remembers. Whoever has taken it from `BriefReaders` is its only user.
private final class BriefReader: @unchecked Sendable {
  private let connection: DatabaseQueue
  private var cache = PageCache()

  init(connection: DatabaseQueue) {
    self.connection = connection
  }

  func read<Value>(_ body: (Database, inout PageCache) throws -> Value) throws -> Value {
    try connection.unsafeRead { database in
      try database.cachedStatement(sql: "BEGIN").run()
      // A transaction that has only read can always be ended.
      defer { try? database.cachedStatement(sql: "COMMIT").run() }
      // It changes with every commit of anybody else, and this connection commits nothing.
      let version = try database.cachedStatement(sql: "PRAGMA data_version").firstInteger()
      cache.keepOnly(version: version ?? 0)
      return try body(database, &cache)
    }
  }
}
