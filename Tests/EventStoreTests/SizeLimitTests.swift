import EventLog
import Foundation
import TestSupport
import Testing

@testable import EventLogSQLite

/// Tests that a log does not become larger than it may, and tells how fast it grows.
@Suite(.timeLimit(.minutes(5)))
struct SizeLimitTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(arguments: [10, 5_000, 60_000])
  func isFullWhenItHasReachedItsLargestSize(messageSize: Int) async throws {
    var settings = SQLiteEventStore.Settings()
    let maximum = 3 << 20
    settings.maximumSize = maximum
    let store = try SQLiteEventStore(path: folder.path(), settings)
    let message = String(repeating: "x", count: messageSize)
    let batch = [EventDraft](repeating: .plain(message), count: max(1, 20_000 / messageSize))
    var count = 0
    var refusal: EventStoreError?
    while refusal == nil {
      do {
        count += try await store.append(batch).count
      } catch {
        refusal = error
      }
      #expect(try size() <= maximum)
      try #require(count < 1_000_000)
    }
    #expect(refusal?.reason == .full)
    #expect(try size() > maximum / 2)
    let error = await #expect(throws: EventStoreError.self) { try await store.checkAvailability() }
    #expect(error?.reason == .full)
    // What is there can be read, and there is room for it elsewhere or with a higher limit.
    #expect(try await store.state().lastID?.number == Int64(count))
    store.close()
    settings.maximumSize = 2 * maximum
    let larger = try SQLiteEventStore(path: folder.path(), settings)
    #expect(try await larger.append(.plain()).id.number == Int64(count + 1))
  }

  @Test func tellsTheGrowthOfTheLastHour() {
    let meter = GrowthMeter()
    let start = ContinuousClock.now
    func note(minute: Int, size: Int) { meter.noteIfDue(at: start + .seconds(60 * minute)) { size } }
    func growth(minute: Int, size: Int) -> Int? {
      meter.bytesPerHour(size: size, at: start + .seconds(60 * minute))
    }
    #expect(growth(minute: 0, size: 1000) == nil)
    note(minute: 0, size: 1000)
    #expect(growth(minute: 0, size: 1000) == nil)
    #expect(growth(minute: 1, size: 1010) == 600)
    #expect(growth(minute: 30, size: 1300) == 600)
    for minute in 1...60 { note(minute: minute, size: 1000 + minute * 10) }
    #expect(growth(minute: 60, size: 1600) == 600)
    // Nothing is recorded any longer.
    #expect(growth(minute: 90, size: 1600) == 300)
    #expect(growth(minute: 300, size: 1600) == 0)
    note(minute: 300, size: 1600)
    #expect(growth(minute: 301, size: 1700) == 100)
  }

  private func size() throws -> Int {
    try folder.names.reduce(0) { size, name in
      let file = try FileManager.default.attributesOfItem(atPath: folder.path(name))
      return size + (name.hasSuffix("-shm") ? 0 : file[.size] as? Int ?? 0)
    }
  }
}
