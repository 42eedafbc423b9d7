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
    /// The read may have to scan the whole log. Only a few such reads run at the same time; a nil timeout means that
    /// there is no limit.
    case long(timeout: Duration?)
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
      case .long(timeout: nil): try await longReads.withPermit { try await readOnPool(body) }
      case .long(let timeout?): try await readInTime(timeout, body)
      }
    } catch {
      throw EventStoreError(error)
    }
  }

  /// Runs a read on one of the pool's threads.
  private func readOnPool<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    poolReads.add(1, ordering: .sequentiallyConsistent)
    defer { poolReads.subtract(1, ordering: .sequentiallyConsistent) }
    try gate.check()
    return try await database.read(body)
  }

  /// Runs a read that is interrupted after a timeout, which includes the time that the read waits for a permit.
  private func readInTime<Value: Sendable>(
    _ timeout: Duration, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await self.longReads.withPermit { try await self.readOnPool(body) } }
      group.addTask {
        try await Task.sleep(for: timeout)
        return nil
      }
      guard let value = try await group.next() ?? nil else {
        throw EventStoreError(.timedOut, cause: "a query was interrupted after \(timeout)")
      }
      return value
    }
  }

  func readKind(of query: EventQuery) -> ReadKind {
    if !query.isAnsweredByAnIndex { return .long(timeout: query.limit == nil ? nil : queryTimeout) }
    return query.pageSize <= Self.briefPageSize ? .brief : .bounded
  }
}

extension EventQuery {
  /// Whether the store has an index that leads to the page and to nothing else.
  fileprivate var isAnsweredByAnIndex: Bool {
    switch sort {
    case .timestamp: AccessPath.leadsStraight(to: filter)
    case .type: filter.isOfTypesAndTime
    case .source: filter.isEverything
    }
  }
}
