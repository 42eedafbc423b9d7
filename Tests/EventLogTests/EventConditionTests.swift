import Testing
import Text

@testable import EventLog

struct EventConditionTests {
  private static let since = EventCondition.since(Timestamp(milliseconds: 1000))
  private static let until = EventCondition.until(Timestamp(milliseconds: 2000))

  private func event(at milliseconds: Int64 = 1500, type: EventType = .info, userID: String? = nil) throws
    -> Event
  {
    Event(
      id: try #require(EventID(1)), timestamp: Timestamp(milliseconds: milliseconds),
      draft: EventDraft(
        storedType: type, source: "web", message: "hello", userID: userID, requestID: nil, tags: ["t"],
        data: nil, occurredAt: nil))
  }

  @Test func isMetByEveryEventWithoutParts() throws {
    #expect(EventCondition.everything.matches(try event()))
    #expect(EventCondition.everything.isEverything)
    #expect(!EventCondition.any([]).matches(try event()))
    #expect(!EventCondition.any([]).isEverything)
  }

  @Test func isNotMetByAnEventThatLacksTheMember() throws {
    #expect(!EventCondition.userID("u").matches(try event()))
    #expect(EventCondition.not(.userID("u")).matches(try event()))
    #expect(EventCondition.userID("u").matches(try event(userID: "u")))
  }

  @Test(arguments: [(999, false), (1000, true), (1999, true), (2000, false)])
  func takesTheFirstMomentInAndTheLastOut(_ milliseconds: Int64, isMet: Bool) throws {
    #expect(EventCondition.all([Self.since, Self.until]).matches(try event(at: milliseconds)) == isMet)
  }

  @Test func knowsTheTypesThatAreLeft() {
    #expect(EventCondition.not(.type(.info)).types == [.userAction, .system, .error])
    #expect(EventCondition.any([.type(.info), .source("web")]).types == nil)
    let filter = EventCondition.all([.anyType(of: [.error, .info]), .source("web"), .not(.type(.info))])
    #expect(filter.possibleTypes == [.error])
    #expect(EventCondition.all([.type(.error), .type(.info)]).possibleTypes == [])
  }

  @Test func staysWithinBothSpansOfTime() {
    let filter = EventCondition.all([Self.since, .all([Self.until, .source("web")])])
    let wider = filter.within(since: Timestamp(milliseconds: 0), until: Timestamp(milliseconds: 1500))
    #expect(wider.since() == Timestamp(milliseconds: 1000))
    #expect(wider.until() == Timestamp(milliseconds: 1500))
    #expect(wider.conjuncts.count == 3)
    #expect(wider.source == "web")
  }

  @Test func isNotEndedByAMomentThatCannotBeWritten() throws {
    let latest = Timestamp.latest
    let after = Timestamp(milliseconds: latest.milliseconds + 1)
    let filter = EventCondition.everything.within(since: latest, until: after)
    #expect(filter.parameters.map(\.name) == ["since"])
    #expect(filter.matches(try event(at: latest.milliseconds)))
    #expect(EventCondition.until(latest).within(since: .earliest, until: after).until() == latest)
  }

  @Test func isReadTheSameWhateverTheOrderOfItsParameters() throws {
    let parameters: [(name: Text, value: Text)] = [
      ("type", "info"), ("type", "error"), ("source", "web"), ("q", "hello"),
      ("since", "2024-01-15T14:30:00.000Z"),
      ("until", "2024-01-16T14:30:00.000Z"), ("occurred_since", "2024-01-15T14:30:00.000Z"),
      ("occurred_until", "2024-01-16T14:30:00.000Z"), ("user_id", "u"), ("request_id", "r"), ("tag", "a"),
      ("tag", "b"), ("data.PATH", "42"),
    ]
    let filter = try EventQuery(parameters: parameters).filter
    // Every kind of parameter becomes a condition, and none is lost.
    #expect(Set(filter.parameters.map(\.name)) == Set(EventCondition.parameterNames.map { Text($0) }))
    #expect(Set(parameters.map(\.0)) == Set(EventCondition.parameterNames.map { Text($0) }))
    let others = parameters.filter { $0.name != "tag" }.reversed() + [("tag", "a"), ("tag", "b")]
    #expect(try EventQuery(parameters: others).filter == filter)
  }
}
