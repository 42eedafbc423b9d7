import EventLog
import GRDB

/// Where a read runs, and for how long.
extension SQLiteEventStore {
  /// How long a read may take, which decides where it runs.
  enum ReadKind {
    /// It costs less than to change threads, and stays on the caller's.
    case brief
    /// It reads much, but finds it at once.
    case bounded
    /// It may have to look at the whole log. Only few of these run at the same time; nil is without an end.
    case long(timeout: Duration?)
  }

  /// Runs a read. This is where GRDB's untyped errors end.
  ///
  /// - Parameters:
  ///   - kind: unless brief, it leaves this thread for one of the pool's, and the caller's task is suspended.
  ///   - body: the read, in a transaction of its own.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` threw, as the store's error.
  func read<Value: Sendable>(
    _ kind: ReadKind, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(EventStoreError) -> Value {
    do {
      return switch kind {
      case .brief: try briefReaders.read { database, _ in try body(database) }
      case .bounded: try await database.read(body)
      case .long(timeout: nil): try await longReads.withPermit { try await database.read(body) }
      case .long(let timeout?): try await readInTime(timeout, body)
      }
    } catch {
      throw EventStoreError(error)
    }
  }

  /// The time counts from the question on, waiting included.
  private func readInTime<Value: Sendable>(
    _ timeout: Duration, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await self.longReads.withPermit { try await self.database.read(body) } }
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

extension EventCondition {
  /// Whether the condition is one of types within bounds of time: the log keeps count of those (`Ordinals`).
  var isOfTypesAndTime: Bool {
    conjuncts.allSatisfy { $0.isTimeBound || $0.types != nil }
  }
}
