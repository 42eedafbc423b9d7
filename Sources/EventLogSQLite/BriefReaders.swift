import GRDB
import Synchronization

/// Connections for reads that are over so soon that they stay on their caller's thread. There are as many as such reads
/// have ever run at the same time, which is one a thread.
final class BriefReaders: Sendable {
  private let path: String
  private let configuration: Configuration
  private let free = Mutex<[DatabaseQueue]>([])

  /// - Parameters:
  ///   - path: of a file that is there.
  ///   - configuration: of the connections, which only read.
  init(path: String, configuration: Configuration) {
    self.path = path
    self.configuration = configuration
  }

  /// Reads in a transaction of its own: what it sees is the log at one moment.
  ///
  /// - Throws: what SQLite or `body` throws.
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    let connection =
      try free.withLock { $0.popLast() } ?? DatabaseQueue(path: path, configuration: configuration)
    defer { free.withLock { $0.append(connection) } }
    return try connection.unsafeRead { database in
      try database.cachedStatement(sql: "BEGIN").run()
      // A transaction that has only read can always be ended.
      defer { try? database.cachedStatement(sql: "COMMIT").run() }
      return try body(database)
    }
  }
}
