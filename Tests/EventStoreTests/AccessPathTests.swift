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

  /// A statement that is cached takes memory for good, and clients can ask for very many combinations.
  @Test func hasFewHundredStatementsThatAreWorthCaching() {
    var (common, all): (Set<String>, Set<String>) = ([], [])
    for filter in Self.combinations() {
      for path in [.everything] + AccessPath.indexes(for: filter) {
        for isAscending in [true, false] {
          guard let plan = path.plan(EventColumn.all, filter, ids: IDRange(), ascending: isAscending) else {
            continue
          }
          all.insert(plan.sql)
          if plan.isCommon { common.insert(plan.sql) }
        }
      }
    }
    #expect((10...300).contains(common.count))
    #expect(all.count > common.count * 10)
  }

  /// Returns filters of many shapes: every choice of conditions, with some numbers of tags and of types.
  private static func combinations() -> [EventCondition] {
    let until = EventCondition.until(Timestamp(milliseconds: 2))
    var choices: [[EventCondition]] = [[]]
    for condition in [.source("s"), .userID("u"), .requestID("r"), since, until] as [EventCondition] {
      choices += choices.map { $0 + [condition] }
    }
    var filters: [EventCondition] = []
    for choice in choices {
      for tagCount in [0, 1, 2, 5, 20] {
        let tags = (0..<tagCount).map { EventCondition.tag(Text("t\($0)")) }
        for typeCount in 1...EventType.allCases.count {
          let types = Set(EventType.allCases.prefix(typeCount))
          filters.append(.all(choice + tags + [.anyType(of: types)]))
        }
      }
    }
    return filters
  }

  @Test func leadsNotStraightToText() throws {
    #expect(!AccessPath.leadsStraight(to: .text(try SearchTerms("abc"))))
  }
}
