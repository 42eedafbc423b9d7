import EventLog
import Foundation
import Logging
import TestSupport
import Testing

@testable import EventLogSQLite

/// These tests remove, replace and move the files of a log that is open.
@Suite(.timeLimit(.minutes(5)))
struct DisplacedLogTests {
  /// A log in a folder of its own, whose files can be moved away together.
  private let parent: TemporaryFolder
  private let folder: String
  private let path: String
  private let log = RecordedLog()

  init() throws {
    parent = try TemporaryFolder()
    folder = parent.path("log")
    path = folder + "/events.sqlite"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  }

  private func open(_ path: String? = nil) throws -> SQLiteEventStore {
    try SQLiteEventStore(path: path ?? self.path, logger: log.logger)
  }

  @Test(
    arguments: [
      ["events.sqlite"], ["events.sqlite-wal"], ["events.sqlite-shm"],
      ["events.sqlite", "events.sqlite-wal", "events.sqlite-shm"], [""],
    ], [false, true])
  func refusesEverythingUntilItsFilesAreBack(_ names: [String], areReplaced: Bool) async throws {
    let store = try open()
    let event = try await store.append(.plain("kept"))
    let files = names.map { (there: "\(folder)/\($0)", away: parent.path("away \($0)")) }
    for (there, away) in files {
      try FileManager.default.moveItem(atPath: there, toPath: away)
      if areReplaced { try FileManager.default.copyItem(atPath: away, toPath: there) }
    }
    let strangers = try areReplaced ? files.map { try contents($0.there) } : []
    try await expectDisplacement(of: store)
    #expect(log.levels == [.critical])
    if areReplaced {
      #expect(try files.map { try contents($0.there) } == strangers, "nothing was written to the new files")
    }
    for (there, away) in files {
      if areReplaced { try FileManager.default.removeItem(atPath: there) }
      try FileManager.default.moveItem(atPath: away, toPath: there)
    }
    try await store.checkAvailability()
    #expect(try await store.event(event.id) == event)
    #expect(try await store.append(.plain("next")).id.number == 2, "what was refused was not recorded")
    #expect(try await store.page(EventQuery()).events.map(\.draft.message) == ["kept", "next"])
    #expect(log.levels == [.critical, .notice])
  }

  @Test func noticesARemovalHoweverLongItHasBeenOpen() async throws {
    let store = try open()
    try await store.append(.plain())
    // From then on, a look at the folder is enough.
    try await Task.sleep(for: .milliseconds(2100))
    for _ in 0..<3 { try await store.append(.plain()) }
    try FileManager.default.removeItem(atPath: path)
    try await expectDisplacement(of: store)
  }

  @Test func noticesThatALinkLeadsElsewhere() async throws {
    let (link, other) = (parent.path("link.sqlite"), parent.path("other.sqlite"))
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    let store = try open(link)
    try await store.append(.plain())
    #expect(try await SQLiteEventStore(path: path).append(.plain()).id.number == 2)
    _ = try SQLiteEventStore(path: other)
    try await Task.sleep(for: .milliseconds(2100))
    try await store.append(.plain())
    try FileManager.default.removeItem(atPath: link)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: other)
    try await expectDisplacement(of: store)
    try FileManager.default.removeItem(atPath: link)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    #expect(try await store.append(.plain()).id.number == 4)
  }

  @Test func leavesANewLogAloneWhenItEnds() async throws {
    let store = try open()
    try await store.append(.plain("old"))
    for suffix in ["", "-wal", "-shm"] {
      try FileManager.default.moveItem(atPath: path + suffix, toPath: parent.path("old" + suffix))
    }
    let new = try SQLiteEventStore(path: path)
    try await new.append(.plain("new"))
    try await expectDisplacement(of: store)
    store.close()
    #expect(try await new.append(.plain("new")).id.number == 2)
    new.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["events.sqlite"])
    #expect(try await open().page(EventQuery()).events.map(\.draft.message) == ["new", "new"])
    #expect(try await open(parent.path("old")).page(EventQuery()).events.map(\.draft.message) == ["old"])
  }

  /// What was acknowledged is still only in the file that was removed.
  @Test(arguments: [["-wal"], ["-wal", "-shm"], ["-shm"]])
  func savesWhatWasRecordedWhenOnlyTheFilesBesideItAreRemoved(_ suffixes: [String]) async throws {
    let store = try open()
    try await store.append((1...10).map { .plain("number \($0)") })
    for suffix in suffixes { try FileManager.default.removeItem(atPath: path + suffix) }
    try await expectDisplacement(of: store)
    store.close()
    // The process still has the removed files open, so only a copy is what another process would find.
    try FileManager.default.copyItem(atPath: path, toPath: parent.path("copy"))
    #expect(try await open(parent.path("copy")).page(EventQuery()).events.count == 10)
  }

  @Test func takesUpANewFileAfterARestart() async throws {
    let store = try open()
    try await store.append(.plain())
    for suffix in ["", "-wal", "-shm"] { try FileManager.default.removeItem(atPath: path + suffix) }
    try await expectDisplacement(of: store)
    store.close()
    #expect(try await open().append(.plain()).id.number == 1)
  }

  private func expectDisplacement(of store: SQLiteEventStore) async throws {
    func expect(_ body: () async throws -> Void) async {
      let error = await #expect(throws: (any Error).self) { try await body() }
      var reason = (error as? EventStoreError)?.reason
      if case .store(let error)? = error as? HistogramError { reason = error.reason }
      #expect(reason == .displaced)
    }
    for _ in 0..<2 {
      await expect { try await store.append(.plain("refused")) }
      await expect { _ = try await store.page(EventQuery(limit: 10)) }
      await expect { _ = try await store.page(EventQuery(), of: EventJSON.self) }
      await expect { _ = try await store.event(#require(EventID(1))) }
      await expect { _ = try await store.state() }
      await expect { _ = try await store.histogram(HistogramQuery()) }
      await expect { _ = try await store.statistics() }
      await expect { _ = try await store.restore(Event.examples, after: nil) }
      await expect { try await store.checkAvailability() }
    }
  }

  /// The contents of a file, or of all files in a folder.
  private func contents(_ path: String) throws -> [Data] {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let paths =
      isFolder.boolValue
      ? try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { "\(path)/\($0)" } : [path]
    return try paths.map { try Data(contentsOf: URL(filePath: $0)) }
  }
}
