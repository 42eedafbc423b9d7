import ArgumentParser
import EventLog
import EventLogFormats
import EventLogSQLite
import Foundation
import Linux
import TestSupport
import Testing

@testable import EventLogCommand

/// Tests what an import leaves in a log.
struct ImportCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Imports lines of NDJSON.
  ///
  /// - Returns: the exit code.
  private func importLines(_ lines: [String], _ options: String...) async throws -> ExitCode {
    let file = folder.path("file")
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: file))
    let arguments = ["--store", "sqlite:\(folder.path())", file] + options
    // The command blocks its thread, which must therefore be none of those that run tasks.
    return try await withCheckedThrowingContinuation { continuation in
      do throws(SystemCallError) {
        try DetachedThread.start(named: "import") {
          let outcome = Result { try ImportCommand.parse(arguments).run() }
          continuation.resume(returning: Self.exitCode(of: outcome))
        }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  private static func exitCode(of outcome: Result<Void, any Error>) -> ExitCode {
    switch outcome {
    case .success: .success
    case .failure(let error): ImportCommand.exitCode(for: error)
    }
  }

  private static func line(_ id: Int) -> String {
    #"{"id":"evt_\#(id)","timestamp":"2024-01-15T14:30:00.000Z","type":"info","source":"s","message":"m"}"#
  }

  private func ids() async throws -> [Int64] {
    let store = try SQLiteEventStore(path: folder.path())
    var ids: [Int64] = []
    var next: EventQuery? = EventQuery()
    while let query = next {
      let page = try await store.page(query, of: EventJSON.self)
      ids += page.events.map(\.position.id.number)
      next = page.next
    }
    return ids
  }

  /// A transaction holds 1,000 events.
  @Test func keepsTheIDsOfMoreThanOneBatch() async throws {
    let ids = (0...10_000).map { 1000 + $0 * 2 }
    #expect(try await importLines(ids.map(Self.line)) == .success)
    #expect(try await self.ids() == ids.map(Int64.init))
  }

  @Test func importsNothingWhereAnIDIsGivenTwice() async throws {
    let lines = [1000, 1001, 1001, 1002].map(Self.line)
    #expect(try await importLines(lines) == ExitCode(EX_DATAERR))
    #expect(try await ids() == [])
    #expect(try await importLines(lines, "--skip-invalid") == .success)
    #expect(try await ids() == [1000, 1001, 1002])
  }

  @Test func givesNewIDsInALogThatHasEvents() async throws {
    try await SQLiteEventStore(path: folder.path()).append(.plain())
    #expect(try await importLines([1000, 1000, 999].map(Self.line)) == .success)
    #expect(try await ids() == [1, 2, 3, 4])
  }

  /// The same input with another format, and with more events at its end, is the same import.
  @Test func goesOnWhereItStopped() async throws {
    let lines = (1001...3500).map(Self.line)
    try await leaveUnfinished(lines, after: 1000)
    let log = try SQLiteEventStore(path: folder.path())
    #expect(try await ids().count == 1000)
    try await log.append(.plain())
    #expect(
      try await importLines(["[" + (lines + [Self.line(3600)]).joined(separator: ",\n") + "]"]) == .success)
    #expect(try await ids() == (1001...3501).map(Int64.init) + [3600])
    #expect(try await log.unfinishedImports().isEmpty)
  }

  @Test func isAnotherImportWhenItBeginsWithOtherEvents() async throws {
    try await leaveUnfinished((1001...2500).map(Self.line), after: 1000)
    #expect(try await importLines((1002...2500).map(Self.line)) == .success)
    #expect(try await ids().count == 1000 + 1499)
  }

  @Test func keepsTimestampsWithoutIDs() async throws {
    let lines = [2000, 1999].map {
      #"{"timestamp":"\#($0)-01-15T14:30:00.000Z","type":"info","source":"s","message":"m"}"#
    }
    #expect(try await importLines(lines) == .success)
    let events = try await SQLiteEventStore(path: folder.path()).page(EventQuery()).events
    #expect(events.map(\.timestamp.description) == ["2000-01-15T14:30:00.000Z", "1999-01-15T14:30:00.000Z"])
    #expect(events.map(\.id.number) == [1, 2])
  }

  /// Leaves the log as an import does that is killed.
  private func leaveUnfinished(_ lines: [String], after count: Int) async throws {
    var parts = [Array(lines.joined(separator: "\n").utf8), []]
    var reader = EventFileReader { parts.removeFirst() }
    var digest = ImportDigest()
    var items: [ImportPart.Item] = []
    while items.count < count, let event = try reader.next()?.content.get() {
      digest.add(event)
      items.append(ImportPart.Item(id: event.id, timestamp: event.timestamp, draft: event.draft))
    }
    let progress = ImportProgress(
      input: "unfinished", keeping: .idsAndTimestamps, count: count, digest: digest.value)
    let store = try SQLiteEventStore(path: folder.path())
    #expect(try await store.record(ImportPart(items, before: nil, after: progress)) != nil)
  }
}
