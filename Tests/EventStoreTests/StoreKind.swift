import EventLog
import Foundation
import TestSupport
import Testing

@testable import EventLogSQLite

/// The stores on which the contract is tested.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible, Sendable {
  case memory
  case sqlite
  /// An SQLite store whose text index is never far behind, so that a few events are enough to test the index.
  case sqliteIndexed

  var testDescription: String { rawValue }

  /// Creates a new store.
  func makeStore(
    in folder: TemporaryFolder, now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) throws -> any EventStore {
    switch self {
    case .memory: MemoryEventStore(now: now)
    case .sqlite: try SQLiteEventStore(path: folder.path(), now: now)
    case .sqliteIndexed:
      try SQLiteEventStore(path: folder.path(), queryTimeout: .seconds(10), indexBatchSize: 5, now: now)
    }
  }
}
