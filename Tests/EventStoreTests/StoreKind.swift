import EventLog
import Foundation
import TestSupport
import Testing

@testable import EventLogSQLite

/// The stores on which the contract is tested.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible, Sendable {
  case memory
  case sqlite
  /// An SQLite store with very small segments, so that a few events are enough to test the index.
  case sqliteIndexed

  var testDescription: String { rawValue }

  /// Creates a new store.
  func makeStore(
    in folder: TemporaryFolder, now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) throws -> any EventStore {
    switch self {
    case .memory: MemoryEventStore(now: now)
    case .sqlite: try sqliteStore(in: folder, segmentSize: 2048, now: now)
    case .sqliteIndexed: try sqliteStore(in: folder, segmentSize: 5, now: now)
    }
  }

  /// Creates a store that interrupts no query of a test that only lacks a processor.
  private func sqliteStore(
    in folder: TemporaryFolder, segmentSize: Int, now: @escaping @Sendable () -> Timestamp
  ) throws -> SQLiteEventStore {
    var settings = SQLiteEventStore.Settings()
    settings.queryTimeout = patience * 10
    settings.keyPatience = patience * 10
    settings.segmentSize = segmentSize
    settings.memorySegmentSize = max(1, segmentSize / 3)
    settings.now = now
    return try SQLiteEventStore(path: folder.path(), settings)
  }
}
