import EventLog
import Foundation
import TestSupport
import Testing

@testable import EventLogSQLite

/// Tests that who waits for an event learns of it, whoever records it.
@Suite(.timeLimit(.minutes(5)))
struct WatchingTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(arguments: StoreKind.allCases)
  func endsWithTheNextEvent(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    var last: EventID?
    for _ in 0..<20 {
      let known = last
      let waiting = (0..<3).map { _ in Task { try await store.untilRecorded(after: known) } }
      if Bool.random() { await Task.yield() }
      last = try await store.append(.plain()).id
      for task in waiting { try await task.value }
    }
    // What is there already is not waited for.
    try await store.untilRecorded(after: nil)
    try await store.untilRecorded(after: EventID(3))
  }

  @Test(arguments: StoreKind.allCases)
  func endsWithItsTask(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    for delay in [0, 10] {
      let task = Task { try await store.untilRecorded(after: nil) }
      try await Task.sleep(for: .milliseconds(delay))
      task.cancel()
      let error = await #expect(throws: EventStoreError.self) { try await task.value }
      #expect(error?.reason == .cancelled)
    }
  }

  @Test func endsWithAnEventOfAnotherProcess() async throws {
    let stores = try (0..<2).map { _ in try SQLiteEventStore(path: folder.path()) }
    var last: EventID?
    for number in 0..<10 {
      let known = last
      let task = Task { try await stores[number % 2].untilRecorded(after: known) }
      try await Task.sleep(for: .milliseconds(number * 3))
      last = try await stores[1 - number % 2].append(.plain()).id
      try await task.value
    }
  }

  /// What is written may be seen by others only later, however long the disk takes, so that a commit is told by itself.
  @Test func tellsOtherProcessesOfACommit() async throws {
    let path = folder.path()
    try Data().write(to: URL(filePath: path))
    let (mine, other) = (LogWatch(path, logger: .silent), LogWatch(path, logger: .silent))
    other.start()
    let rings = other.bell.rings
    mine.noteCommit()
    #expect(try await eventually { other.bell.rings > rings })
    other.stop()
  }

  /// Another program does not open and close the file, and its transaction can be seen only after it has written.
  @Test func endsWithWhatAnotherProgramWrites() async throws {
    let store = try SQLiteEventStore(path: folder.path())
    let task = Task { try await store.untilRecorded(after: nil) }
    try await Task.sleep(for: .milliseconds(50))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      """
      import sqlite3, sys
      log = sqlite3.connect(sys.argv[1])
      log.execute("INSERT INTO event (timestamp, type, source, message) VALUES (1, 'info', 's', 'm')")
      log.commit()
      """, folder.path(),
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    try await task.value
  }

  @Test func endsWithTheStore() async throws {
    let store = try SQLiteEventStore(path: folder.path())
    let task = Task { try await store.untilRecorded(after: nil) }
    try await Task.sleep(for: .milliseconds(20))
    store.close()
    await #expect(throws: EventStoreError.self) { try await task.value }
  }
}
