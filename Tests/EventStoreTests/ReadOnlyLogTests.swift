import EventLog
import EventLogSQLite
import Foundation
import GRDB
import TestSupport
import Testing

/// Reading leaves every byte alone, and shows everything or nothing.
struct ReadOnlyLogTests {
  private let files: LogFiles

  init() throws {
    files = try LogFiles()
  }

  private func expectThatReadingChangesNothing(_ messages: [String]) async throws {
    let before = try files.bytes
    #expect(try await ReadOnlyLog(path: files.path).messages == messages)
    #expect(try IntegrityCheck(path: files.path).events == messages.count)
    #expect(try files.bytes == before)
  }

  @Test func readsALogThatIsClosed() async throws {
    try await files.close(events: ["a", "b"])
    try await expectThatReadingChangesNothing(["a", "b"])
  }

  @Test func readsABackup() async throws {
    let store = try SQLiteEventStore(path: files.folder.path("log"))
    try await store.append(.plain("a"))
    try Backup.copy(files.folder.path("log"), to: files.path)
    try await expectThatReadingChangesNothing(["a"])
  }

  @Test func readsWhatAKilledProcessHasRecorded() async throws {
    try await files.kill(events: ["a", "b"])
    #expect(try files.bytes.values.contains { $0.starts(with: [0x37, 0x7F, 0x06]) }, "it has a -wal")
    try await expectThatReadingChangesNothing(["a", "b"])
  }

  @Test func readsALogThatIsInUse() async throws {
    let store = try SQLiteEventStore(path: files.path)
    for message in ["a", "b"] { try await store.append(.plain(message)) }
    // The index of texts is filled after the append.
    _ = try await store.statistics()
    let reader = try ReadOnlyLog(path: files.path)
    #expect(try await reader.messages == ["a", "b"])
    try await store.append(.plain("c"))
    #expect(try await reader.messages == ["a", "b", "c"])
    #expect(try IntegrityCheck(path: files.path).problems == [])
  }

  /// A reader of a closed file holds no lock, so it must notice that somebody has begun to write.
  @Test(arguments: [true, false])
  func seesWhatIsRecordedAfterItWasOpened(isStillOpen: Bool) async throws {
    try await files.close(events: ["a"])
    let reader = try ReadOnlyLog(path: files.path)
    #expect(try await reader.messages == ["a"])
    if isStillOpen {
      let store = try SQLiteEventStore(path: files.path)
      try await store.append(.plain("b"))
      #expect(try await reader.messages == ["a", "b"])
    } else {
      try await files.close(events: ["b"])
      #expect(try await reader.messages == ["a", "b"])
    }
  }

  @Test func refusesWhatCanOnlyBeReadByWriting() async throws {
    try await files.kill(events: ["a"], companions: ["-wal"])
    let before = try files.bytes
    for _ in 0..<2 {
      let error = #expect(throws: EventStoreError.self) { try ReadOnlyLog(path: files.path) }
      #expect(error?.cause.contains("its last changes are in \(files.path)-wal") == true)
      #expect(throws: EventStoreError.self) { try IntegrityCheck(path: files.path) }
    }
    #expect(try files.bytes == before)
    // A program that may write brings the events into the log.
    #expect(try await SQLiteEventStore(path: files.path).messages == ["a"])
  }

  @Test func passesOverAnEmptyWriteAheadLog() async throws {
    try await files.close(events: ["a"])
    try Data().write(to: URL(filePath: files.path + "-wal"))
    try await expectThatReadingChangesNothing(["a"])
  }

  @Test func refusesAnOlderAndANewerSchema() async throws {
    for (version, reason) in [(1, "its schema has version 1"), (99, "newer version")] {
      let files = try LogFiles()
      try await files.close(events: ["a"], schemaVersion: version)
      let before = try files.bytes
      for read in [{ _ = try ReadOnlyLog(path: $0) }, { _ = try IntegrityCheck(path: $0) }]
        as [(String) throws -> Void]
      {
        let error = #expect(throws: EventStoreError.self) { try read(files.path) }
        #expect(error?.cause.contains(reason) == true, "\(String(describing: error))")
      }
      #expect(try files.bytes == before)
    }
  }

  @Test func refusesWhatIsNoLog() throws {
    for content in [Data(), Data("just some text, and more of it".utf8), Data(count: 4096)] {
      try content.write(to: URL(filePath: files.path))
      let error = #expect(throws: EventStoreError.self) { try ReadOnlyLog(path: files.path) }
      #expect(error?.cause.contains(files.path) == true)
      #expect(try files.bytes.values.map(\.self) == [content])
    }
    #expect(throws: EventStoreError.self) { try ReadOnlyLog(path: files.folder.path("nothing")) }
  }
}
