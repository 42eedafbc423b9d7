import EventLog
import Foundation
import TestSupport

/// A test that holds reads.
protocol HoldingTest {
  static var hold: Hold { get }
}

/// An event that keeps the read that finds it busy until a test ends the hold.
struct HeldEvent<Test: HoldingTest>: EventPageItem {
  private let event: Event

  init(_ event: Event, by sort: EventQuery.Sort) {
    self.event = event
  }

  init(_ stored: StoredEvent, by sort: EventQuery.Sort) throws(EventStoreError) {
    Test.hold.wait()
    event = try Event(stored, by: sort)
  }

  func position(by sort: EventQuery.Sort) -> EventPosition { event.position(by: sort) }

  var size: Int { event.size }
}

/// Holds threads until it ends.
final class Hold: @unchecked Sendable {
  private let condition = NSCondition()
  private var waited = 0
  private var hasEnded = false

  /// The number of threads that have been held.
  var count: Int { condition.withLock { waited } }

  /// Whether the hold has ended. It ends by itself when a test's patience does, so that a test in which others wait for
  /// what is held can fail.
  var isOver: Bool { condition.withLock { hasEnded } }

  /// Blocks until the hold ends.
  func wait() {
    condition.withLock {
      if hasEnded { return }
      waited += 1
      let deadline = Date(timeIntervalSinceNow: patience / .seconds(1))
      while !hasEnded, condition.wait(until: deadline) {}
      hasEnded = true
    }
  }

  func end() {
    condition.withLock {
      hasEnded = true
      condition.broadcast()
    }
  }
}
