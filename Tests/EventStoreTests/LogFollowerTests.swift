import EventLog
import EventLogSQLite
import Foundation
import SystemPackage
import TestSupport
import Testing
import Text

@Suite(.timeLimit(.minutes(2)))
struct LogFollowerTests {
  private let files: LogFiles

  init() throws {
    files = try LogFiles()
  }

  /// Waits for news that are no events, or for some events.
  private func news(_ follower: LogFollower, _ filter: EventCondition = .everything) throws
    -> LogFollower.News
  {
    while true {
      if let news = try follower.next(matching: filter) { return news }
      #expect(follower.wait(whileOpen: .standardError))
    }
  }

  private func messages(_ news: LogFollower.News) -> [String]? {
    if case .events(let events) = news { events.map(\.draft.message) } else { nil }
  }

  @Test func showsWhatIsThereAndThenWhatComes() async throws {
    let store = try SQLiteEventStore(path: files.path)
    try await store.append(["a", "b", "c"].map { .plain($0) })
    let follower = try LogFollower(path: files.path)
    try await store.append(.plain("d"))
    // What came after it was opened is shown once.
    #expect(try follower.newestEvents(2, matching: .everything).map(\.draft.message) == ["b", "c"])
    #expect(try follower.newestEvents(0, matching: .everything).isEmpty)
    #expect(messages(try news(follower)) == ["d"])
    try await store.append((0..<1200).map { .plain("\($0)") })
    var shown: [String] = []
    while shown.count < 1200 { shown += messages(try news(follower)) ?? [] }
    #expect(shown == (0..<1200).map(String.init))
    #expect(try follower.next(matching: .everything) == nil)
  }

  @Test func showsOnlyWhatMatches() async throws {
    let store = try SQLiteEventStore(path: files.path)
    let follower = try LogFollower(path: files.path)
    let filter = EventCondition.source("yes")
    #expect(try follower.newestEvents(20, matching: filter).isEmpty)
    try await store.append([.plain("a", source: "no"), .plain("b", source: "yes"), .plain("c", source: "no")])
    #expect(messages(try news(follower, filter)) == ["b"])
    try await store.append(.plain("d", source: "yes"))
    #expect(messages(try news(follower, filter)) == ["d"])
  }

  @Test func goesOnWithAnotherLog() async throws {
    try await files.close(events: ["a", "b"])
    let follower = try LogFollower(path: files.path)
    let backup = files.folder.path("backup")
    try Backup.copy(files.path, to: backup)
    try FileManager.default.removeItem(atPath: files.path)
    guard case .away = try news(follower) else {
      Issue.record("it does not notice that the log is gone")
      return
    }
    try FileManager.default.moveItem(atPath: backup, toPath: files.path)
    guard case .another = try news(follower) else {
      Issue.record("it does not notice that there is another log")
      return
    }
    let store = try SQLiteEventStore(path: files.path)
    try await store.append(.plain("c"))
    #expect(messages(try news(follower)) == ["c"])
  }

  @Test func leavesTheFilesToWhoWrites() async throws {
    try await files.close(events: ["a"])
    let before = try files.bytes
    let follower = try LogFollower(path: files.path)
    #expect(try follower.newestEvents(1, matching: .everything).count == 1)
    #expect(try follower.next(matching: .everything) == nil)
    #expect(try files.bytes == before)
  }

  @Test func isOnlyForLogs() throws {
    #expect(throws: EventStoreError.self) { try LogFollower(path: files.path) }
    try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: files.path))
    #expect(throws: EventStoreError.self) { try LogFollower(path: files.path) }
  }
}
