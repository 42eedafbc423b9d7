import EventLog
import EventLogSQLite
import Foundation
import GRDB
import TestSupport
import Testing

/// The files of a log in each of the states in which others may find it.
struct LogFiles {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("my log? #1%.sqlite")
  }

  /// Makes a log with events that a process which ended has closed, so that nothing is next to it.
  func close(events messages: [String], schemaVersion: Int? = nil) async throws {
    do {
      let store = try SQLiteEventStore(path: path)
      try await store.append(messages.map { .plain($0) })
    }
    // The store may still be indexing.
    while try !closed(schemaVersion: schemaVersion) { try await Task.sleep(for: .milliseconds(10)) }
    #expect(try ["-wal", "-shm", "-journal"].allSatisfy { try bytes[name + $0] == nil })
  }

  /// Closes the log as the last process does that uses it.
  ///
  /// - Returns: whether nobody uses it.
  private func closed(schemaVersion: Int?) throws -> Bool {
    do {
      let log = try DatabaseQueue(path: path)
      try log.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA journal_mode = DELETE")
        if let schemaVersion { try database.execute(sql: "PRAGMA user_version = \(schemaVersion)") }
        try database.execute(sql: "PRAGMA journal_mode = WAL")
      }
      try log.close()
      return true
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      return false
    }
  }

  /// Makes a log as a process leaves it that is killed: its events are still in the `-wal`.
  func kill(events messages: [String], companions: [String] = ["-wal", "-shm"]) async throws {
    let other = folder.path("killed.sqlite")
    let store = try SQLiteEventStore(path: other)
    try await store.append(messages.map { .plain($0) })
    for suffix in [""] + companions {
      try FileManager.default.copyItem(atPath: other + suffix, toPath: path + suffix)
    }
    withExtendedLifetime(store) {}
  }

  private var name: String { URL(filePath: path).lastPathComponent }

  /// The bytes of every file of the log.
  var bytes: [String: Data] {
    get throws {
      let own = try folder.names.filter { $0.hasPrefix(name) }
      return Dictionary(
        uniqueKeysWithValues: try own.map { ($0, try Data(contentsOf: URL(filePath: folder.path($0)))) })
    }
  }
}

extension EventPageSource {
  var messages: [String] {
    get async throws { try await page(EventQuery()).events.map(\.draft.message) }
  }
}
