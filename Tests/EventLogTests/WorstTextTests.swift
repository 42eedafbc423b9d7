import EventLog
import TestSupport
import Testing
import Text

/// Combining marks in a member or a parameter take no longer than other text of their size.
struct WorstTextTests {
  private static func change(_ fields: inout EventDraftFields, _ member: EventMember, _ marks: Text) {
    switch member {
    case .id: fields.note(.unknown(marks))
    case .timestamp, .recordedBy: fields.note(InvalidMember(named: marks, detail: "is given twice"))
    case .type: fields.type = marks
    case .source: fields.source = marks.string
    case .message: fields.message = marks.string
    case .userID: fields.userID = marks.string
    case .requestID: fields.requestID = marks.string
    case .tags: fields.tags = [marks.string, marks.string]
    case .data: fields.data = try? EventData(parsing: "{\"\(marks)\":\"\(marks)\"}")
    case .occurredAt: fields.occurredAt = Timestamp(rfc3339: marks.string, assumesUTC: true)
    }
  }

  @Test(arguments: EventMember.allCases)
  func checksAMemberInLinearTime(_ member: EventMember) {
    expectLinearTime(member.rawValue) { marks in
      var fields = EventDraftFields()
      Self.change(&fields, member, marks)
      _ = try EventDraft(fields)
    }
  }

  @Test(arguments: EventQuery.parameterNames + HistogramQuery.parameterNames + ["unknown"])
  func readsAParameterInLinearTime(_ name: String) {
    expectLinearTime(name) { marks in
      _ = try? EventQuery(parameters: [("limit", "5"), (Text(name), marks), (Text(name), marks)])
      _ = try? HistogramQuery(parameters: [(Text(name), marks)])
      _ = try? EventQuery(parameters: [(marks, "x"), (marks, Text(name))])
    }
  }

  @Test func readsAValueInLinearTime() {
    expectLinearTime("an id") { _ = (EventID($0), EventID("evt_" + $0.string)) }
    expectLinearTime("a type") { _ = EventType(named: $0) }
    expectLinearTime("a span") { _ = (TimeSpan($0.string), TimeSpan($0.string + "d")) }
    expectLinearTime("a moment") { _ = Timestamp(rfc3339: $0.string, assumesUTC: true) }
    expectLinearTime("a search") { _ = SearchTerms([$0]) }
    expectLinearTime("case folding") { _ = CaseFolding.fold($0.string) }
  }

  /// Equal queries are found in a cache, so that comparing and hashing them has to be safe, too.
  @Test func tellsQueriesApartInLinearTime() {
    expectLinearTime("filters") { marks in
      let other = Text(marks.string + "x")
      let conditions: [EventCondition] = [
        .source(marks), .userID(marks), .requestID(marks), .tag(marks), .tag(other),
      ]
      var queries: Set<EventQuery> = []
      for condition in conditions {
        var query = EventQuery()
        query.filter = condition
        queries.insert(query)
      }
      #expect(queries.count == conditions.count)
    }
  }
}
