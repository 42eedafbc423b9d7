import EventLog
import TestSupport
import Testing

@testable import EventLogAPI

/// Tests of what the feed remembers.
struct RecentEventsTests {
  private func events(_ numbers: ClosedRange<Int64>, size: Int = 10) throws -> [FeedEvent] {
    try numbers.map { number in
      FeedEvent(
        Event(
          id: try #require(EventID(number)), timestamp: Timestamp(milliseconds: 0),
          draft: EventDraft.plain(String(repeating: "x", count: size))))
    }
  }

  private func numbers(_ events: ArraySlice<FeedEvent>?) -> [Int64]? { events?.map(\.event.id.number) }

  @Test func hasWhatCameAfterItsStart() throws {
    var recent = RecentEvents(after: EventID(10))
    #expect(numbers(recent.events(after: EventID(10))) == [])
    #expect(recent.events(after: EventID(9)) == nil && recent.events(after: nil) == nil)
    recent.append(try events(11...13))
    #expect(numbers(recent.events(after: EventID(10))) == [11, 12, 13])
    #expect(numbers(recent.events(after: EventID(12))) == [13])
    #expect(numbers(recent.events(after: EventID(20))) == [])
  }

  @Test func hasAllOfANewLog() throws {
    var recent = RecentEvents(after: nil)
    recent.append(try events(1...3))
    #expect(numbers(recent.events(after: nil)) == [1, 2, 3])
    #expect(numbers(recent.events(after: EventID(1))) == [2, 3])
  }

  @Test func forgetsTheOldest() throws {
    var recent = RecentEvents(after: nil)
    for start: Int64 in stride(from: 1, through: 9901, by: 100) {
      recent.append(try events(start...start + 99))
      let last = start + 99
      let count = Int64(RecentEvents.count)
      let missed = max(0, last - count)
      #expect(numbers(recent.events(after: EventID(missed))) == Array(missed + 1...last))
      if last > 2 * count { #expect(recent.events(after: EventID(last - 2 * count - 1)) == nil) }
    }
    #expect(recent.events(after: nil) == nil)
  }

  @Test func keepsABoundedSize() throws {
    var recent = RecentEvents(after: nil)
    for number: Int64 in 1...200 { recent.append(try events(number...number, size: 65_000)) }
    #expect(recent.events(after: EventID(150)) == nil)
    #expect(numbers(recent.events(after: EventID(190))) == Array(191...200))
  }
}
