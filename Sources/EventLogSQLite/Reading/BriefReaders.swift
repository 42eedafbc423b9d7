import EventLog
import GRDB
import Glibc
import Synchronization

/// Connections for reads that are so short that they stay on their caller's thread. There are as many connections as
/// such reads at the same time, which is one per thread.
final class BriefReaders: Sendable {
  private let path: String
  private let configuration: Configuration
  private let gate: LogGate
  /// The number of connections that are kept. A thread other than the workers' that reads now and then is no reason to
  /// keep files open permanently.
  private static let maximumFree = 8

  private struct Readers {
    /// The readers that are not in use. The one that was used last is taken first, since its cache is the most likely to
    /// be useful.
    var free: [BriefReader] = []
    var usedCount = 0
  }

  private let readers = Mutex(Readers())

  /// - Parameters:
  ///   - path: the path of a file that exists.
  ///   - configuration: the configuration of the connections, which must be read-only.
  ///   - gate: says whether the log may be read.
  init(path: String, configuration: Configuration, _ gate: LogGate) {
    self.path = path
    self.configuration = configuration
    self.gate = gate
  }

  /// Reads in its own transaction, which sees the log at one moment.
  ///
  /// - Parameter body: receives the connection and its cached pages of the log as it is at that moment.
  /// - Returns: what `body` returned.
  /// - Throws: any error from SQLite, or what `body` throws.
  func read<Value>(_ body: (Database, inout PageCache) throws -> Value) throws -> Value {
    let reader = try take()
    defer { giveBack(reader) }
    try gate.check()
    return try reader.read(body)
  }

  private func take() throws -> BriefReader {
    let kept = readers.withLock { readers in
      readers.usedCount += 1
      return readers.free.popLast()
    }
    if let kept { return kept }
    do {
      // A new connection must not open files that are not the log's own.
      try gate.check()
      return BriefReader(connection: try DatabaseQueue(path: path, configuration: configuration))
    } catch {
      readers.withLock { $0.usedCount -= 1 }
      throw error
    }
  }

  private func giveBack(_ reader: BriefReader) {
    readers.withLock { readers in
      readers.usedCount -= 1
      if readers.free.count < Self.maximumFree, !gate.isClosed { readers.free.append(reader) }
    }
  }

  /// Closes the connections once the reads that are under way have ended. The gate must have been closed before.
  func close() {
    while readers.withLock(\.usedCount) > 0 { usleep(1000) }
    readers.withLock { $0.free = [] }
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
