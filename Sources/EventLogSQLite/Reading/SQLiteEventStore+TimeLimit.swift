import EventLog
import GRDB
import Synchronization

/// Decides where a read runs, and for how long.
extension SQLiteEventStore {
  /// The time that a read may take, which decides where it runs.
  enum ReadKind {
    /// The read costs less than switching threads, so it stays on the caller's thread.
    case brief
    /// The read returns a lot, but finds it at once.
    case bounded
    /// The read may have to scan the whole log, for as long as `queryTimeout` allows. Only a few such reads run at the
    /// same time.
    case search(by: Client?)
    /// The read may have to scan the whole log, and takes as long as it needs. Only a few such reads run at the same
    /// time.
    case export(by: Client?)
  }

  /// Runs a read, and converts GRDB's untyped errors to the store's.
  ///
  /// - Parameters:
  ///   - kind: unless it is brief, the read runs on one of the pool's threads, and the caller's task is suspended.
  ///   - body: the read, in a transaction of its own.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` threw, converted to the store's error.
  func read<Value: Sendable>(
    _ kind: ReadKind, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(EventStoreError) -> Value {
    do {
      return switch kind {
      case .brief: try briefReaders.read { database, _ in try body(database) }
      case .bounded: try await readOnPool(body)
      case .search(let client): try await readInTime(for: client, body)
      case .export(let client):
        try await exports.withPermit(for: client) { try await readUntilCancelled(body) }
      }
    } catch {
      throw EventStoreError(error)
    }
  }

  /// Runs a read on one of the pool's threads.
  func readOnPool<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    poolReads.add(1, ordering: .sequentiallyConsistent)
    defer { poolReads.subtract(1, ordering: .sequentiallyConsistent) }
    try gate.check()
    return try await database.read(body)
  }

  /// Runs a read that is interrupted after `queryTimeout`, which includes the time that the read waits for a permit.
  private func readInTime<Value: Sendable>(
    for client: Client?, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        try await self.searches.withPermit(for: client) { try await self.readUntilCancelled(body) }
      }
      group.addTask {
        try await Task.sleep(for: self.queryTimeout)
        return nil
      }
      guard let value = try await group.next() ?? nil else {
        throw EventStoreError(.timedOut, cause: "a query was interrupted after \(queryTimeout)")
      }
      return value
    }
  }

  /// Runs a read that ends soon after its task is cancelled, however many statements it consists of.
  func readUntilCancelled<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    try await readOnPool { try $0.interruptibly(body) }
  }

  func readKind(of query: EventQuery) -> ReadKind {
    let isByID = query.sort == .timestamp && query.filter.isEverything
    guard isByID || query.filter.isDecidedByTerms && index.isAlmostComplete else {
      return query.limit == nil ? .export(by: query.client) : .search(by: query.client)
    }
    return query.pageSize <= Self.briefPageSize ? .brief : .bounded
  }
}

extension Database {
  /// Runs a read that consists of several statements so that an interruption ends it at any time.
  ///
  /// SQLite interrupts the statements that are running, and every other one that starts before the last of them has
  /// ended. An interruption between two statements has no effect. So one statement runs all the time.
  fileprivate func interruptibly<Value>(_ body: (Database) throws -> Value) throws -> Value {
    var outcome: Value?
    try cachedStatement(sql: "SELECT 1").forEachRow { _ in
      // GRDB throws an error here if the interruption came before the statement above was running.
      _ = try Int.fetchOne(cachedStatement(sql: "SELECT 2"))
      outcome = try body(self)
      return false
    }
    guard let outcome else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
    return outcome
  }
}

extension EventCondition {
  /// Whether few terms of the index decide which events meet the condition, so that no other event has to be read.
  fileprivate var isDecidedByTerms: Bool {
    switch self {
    case .all(let conditions), .any(let conditions): conditions.allSatisfy(\.isDecidedByTerms)
    case .not(let condition): condition.isDecidedByTerms
    case .search(let search): search.condition.isDecidedByTerms
    case .type, .source, .userID, .requestID, .tag, .data, .since, .until: true
    case .text, .number, .has: false
    }
  }
}
