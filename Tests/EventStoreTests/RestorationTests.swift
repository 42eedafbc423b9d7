import EventLog
import Foundation
import GRDB
import TestSupport
import Testing

@testable import EventLogSQLite

/// What a backup does when it takes the place of a log.
struct RestorationTests {
  private let files: LogFiles
  private let backup: String
  private let moment = Timestamp(milliseconds: 0)

  init() async throws {
    files = try LogFiles()
    backup = files.folder.path("backup")
    let log = files.folder.path("backed up")
    let store = try SQLiteEventStore(path: log)
    try await store.append([.plain("old"), .plain("older")])
    try Backup.copy(log, to: backup)
  }

  private var oldLog: String { files.path + ".replaced-19700101T000000Z" }

  @Test func takesThePlaceOfAClosedLog() async throws {
    try await files.close(events: ["new"])
    chmod(files.path, 0o640)
    let before = try Data(contentsOf: URL(filePath: backup))
    let done = try Restoration.restore(backup, to: files.path, at: moment)
    #expect(done.events == 2 && done.oldLog == oldLog)
    #expect(
      Set(try files.bytes.keys) == Set([files.path, oldLog].map { URL(filePath: $0).lastPathComponent }))
    #expect(try await ReadOnlyLog(path: files.path).messages == ["old", "older"])
    #expect(try await ReadOnlyLog(path: oldLog).messages == ["new"])
    var status = stat()
    #expect(stat(files.path, &status) == 0 && status.st_mode & 0o777 == 0o640)
    #expect(try Data(contentsOf: URL(filePath: backup)) == before)
  }

  /// What a killed process has left next to the log must not be taken for the new one's, nor be lost.
  @Test func putsAsideWhatAKilledProcessHasLeft() async throws {
    try await files.kill(events: ["new"])
    let done = try Restoration.restore(backup, to: files.path, at: moment)
    #expect(try await SQLiteEventStore(path: files.path).messages == ["old", "older"])
    #expect(try await ReadOnlyLog(path: try #require(done.oldLog)).messages == ["new"])
  }

  /// Who waits for the log must not record what nobody will look for.
  @Test func letsNobodyWriteToALogThatIsPutAside() async throws {
    try await files.close(events: ["new"])
    let aside = try #require(try ReplacedLog(files.path).putAside(at: moment))
    func write() throws {
      try DatabaseQueue(path: files.path).write { try $0.execute(sql: "DELETE FROM event") }
    }
    #expect(throws: DatabaseError.self) { try write() }
    aside.putBack()
    aside.release()
    try write()
    #expect(try files.bytes.keys.sorted() == [URL(filePath: files.path).lastPathComponent])
  }

  @Test func leavesTheLogWhereItIsWhenItCannotBeReplaced() async throws {
    try await files.close(events: ["new"])
    #expect(throws: RestorationFailure.self) {
      try Restoration.restore(backup, to: files.path, at: moment) { stage, part in
        // The copy is whole; somebody removes it.
        guard stage == .checking, part == 1 else { return }
        for name in try files.folder.names where name.contains(".unfinished-") {
          unlink(files.folder.path(name))
        }
      }
    }
    #expect(try files.bytes.keys.sorted() == [URL(filePath: files.path).lastPathComponent])
    #expect(try await ReadOnlyLog(path: files.path).messages == ["new"])
  }

  @Test(arguments: ["-wal", "-shm", "-journal"])
  func putsAsideTheFilesOfALogThatIsDamagedOrGone(_ suffix: String) async throws {
    for exists in [true, false] {
      let files = try LogFiles()
      if exists { try Data("damaged".utf8).write(to: URL(filePath: files.path)) }
      try Data("stale".utf8).write(to: URL(filePath: files.path + suffix))
      let before = try files.bytes.values.map(\.self).sorted { $0.count < $1.count }
      let old = try #require(try Restoration.restore(backup, to: files.path).oldLog)
      #expect(try await ReadOnlyLog(path: files.path).messages == ["old", "older"])
      let aside = try files.bytes.filter { $0.key.hasPrefix(URL(filePath: old).lastPathComponent) }
      #expect(aside.values.sorted { $0.count < $1.count } == before)
    }
  }

  @Test func makesALogWhereNoneIs() async throws {
    let done = try Restoration.restore(backup, to: files.path)
    #expect(done.oldLog == nil)
    #expect(try await ReadOnlyLog(path: files.path).messages == ["old", "older"])
    var status = stat()
    #expect(stat(files.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test func isAnotherLogThanTheBackup() async throws {
    _ = try Restoration.restore(backup, to: files.path)
    let restored = try await SQLiteEventStore(path: files.path).state()
    let kept = try await SQLiteEventStore(path: backup).state()
    #expect(restored.newest == kept.newest)
    #expect(restored.logID != kept.logID)
  }

  @Test func neverReplacesWhatWasPutAsideBefore() async throws {
    var names: Set<String> = []
    for number in 1...3 {
      try await SQLiteEventStore(path: files.path).append(.plain("\(number)"))
      try await files.close(events: [])
      names.insert(try #require(try Restoration.restore(backup, to: files.path, at: moment).oldLog))
    }
    #expect(names.count == 3)
  }

  @Test func leavesALogThatIsInUse() async throws {
    let store = try SQLiteEventStore(path: files.path)
    try await store.append(.plain("new"))
    let error = #expect(throws: RestorationFailure.self) { try Restoration.restore(backup, to: files.path) }
    guard case .log(let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.cause.contains("another process is using it"))
    try await store.append(.plain("newer"))
    #expect(try await store.messages == ["new", "newer"])
    #expect(try !files.folder.names.contains { $0.contains("replaced") || $0.contains("unfinished") })
  }

  @Test func refusesADamagedBackupAndLeavesTheLog() async throws {
    try await files.close(events: ["new"])
    let before = try files.bytes
    let damaged = files.folder.path("damaged")
    var content = try Data(contentsOf: URL(filePath: backup))
    let page = content.count / 2 / 4096 * 4096
    content.replaceSubrange(page..<page + 64, with: repeatElement(0xFF, count: 64))
    try content.write(to: URL(filePath: damaged))
    let error = #expect(throws: RestorationFailure.self) { try Restoration.restore(damaged, to: files.path) }
    guard case .damaged(let problems) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!problems.isEmpty)
    #expect(try files.bytes == before)
  }

  @Test func refusesWhatIsNoBackup() async throws {
    try await files.close(events: ["new"])
    let before = try files.bytes
    let text = files.folder.path("text")
    try Data("no log at all".utf8).write(to: URL(filePath: text))
    for path in [text, files.folder.path("nothing"), files.path] {
      #expect(throws: RestorationFailure.self) { try Restoration.restore(path, to: files.path) }
    }
    #expect(try files.bytes == before)
  }
}
