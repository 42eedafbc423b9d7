import EventLog
import Testing

@testable import EventLogSQLite
import Text

/// The access path decides whether a read may stay on a worker.
struct AccessPathTests {
  private static let since = EventCondition.since(Timestamp(milliseconds: 1))

  @Test(
    arguments: [
      .everything, since, .type(.error), .anyType(of: [.error, .info]), .not(.type(.error)), .source("s"),
      .all([.source("s"), .type(.error), since]), .userID("u"), .requestID("r"), .all([.tag("t"), since]),
      .all([.userID("u"), .anyType(of: Set(EventType.allCases))]), .any([]),
    ] as [EventCondition])
  func leadsStraightToWhatOneIndexHolds(_ filter: EventCondition) {
    #expect(AccessPath.leadsStraight(to: filter))
  }

  @Test(
    arguments: [
      .all([.userID("u"), .tag("t")]), .all([.tag("t"), .tag("s")]), .all([.type(.error), .requestID("r")]),
      .not(.source("s")), .any([.source("s"), .source("t")]), .any([since]), .not(since),
      .all([.source("s"), .source("t")]), .all([.userID("u"), .not(.userID("v"))]),
    ] as [EventCondition])
  func leadsNotStraightToWhatIsLookedAtRowByRow(_ filter: EventCondition) {
    #expect(!AccessPath.leadsStraight(to: filter))
  }

  @Test func leadsNotStraightToText() throws {
    #expect(!AccessPath.leadsStraight(to: .text(try SearchTerms("abc"))))
  }
}
