import EventLog
import EventLogAccess
import EventLogSQLite
import Synchronization
import TestSupport
import Testing

/// The stores of keys on which the contract is tested.
enum AccessKind: String, CaseIterable, CustomTestStringConvertible, Sendable {
  case memory
  case sqlite

  var testDescription: String { rawValue }

  /// Creates a log and its keys.
  func make(
    in folder: TemporaryFolder, _ clock: TestClock
  ) throws -> (log: any EventStore, keys: any AccessStore) {
    switch self {
    case .memory:
      let log = MemoryEventStore(now: clock.now)
      return (log, MemoryAccessStore(log: log, now: clock.now))
    case .sqlite:
      let log = try Self.sqlite(in: folder, clock)
      return (log, log)
    }
  }

  static func sqlite(in folder: TemporaryFolder, _ clock: TestClock = TestClock()) throws -> SQLiteEventStore
  {
    var settings = SQLiteEventStore.Settings()
    settings.now = clock.now
    return try SQLiteEventStore(path: folder.path(), settings)
  }
}

/// A clock that a test sets.
final class TestClock: Sendable {
  private let milliseconds = Mutex<Int64>(1_705_329_000_000)

  var time: Timestamp { Timestamp(milliseconds: milliseconds.withLock(\.self)) }
  var now: @Sendable () -> Timestamp { { self.time } }

  func advance(milliseconds: Int64) {
    self.milliseconds.withLock { $0 += milliseconds }
  }
}

extension EventStore {
  /// What the log says about its keys, oldest first.
  var ownEvents: [Event] {
    get async throws {
      try await page(EventQuery()).events.filter { $0.draft.source == EventDraft.ownSource }
    }
  }
}
