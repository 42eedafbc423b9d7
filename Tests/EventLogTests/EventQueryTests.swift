import EventLog
import Testing
import Text

/// These tests cover the query language.
struct EventQueryTests {
  private func names(_ parameters: [(name: Text, value: Text)]) -> [Text] {
    do throws(InvalidQuery) {
      _ = try EventQuery(parameters: parameters)
      return []
    } catch {
      return error.errors.map(\.name)
    }
  }

  @Test func readsEveryParameter() throws {
    let query = try EventQuery(parameters: [
      ("type", "error"), ("type", "info"), ("order", "desc"), ("limit", "7"),
    ])
    #expect(query.filter.types == [.error, .info])
    #expect(query.order == .descending)
    #expect(query.limit == 7)
    #expect(query.cursor == nil)
  }

  @Test(arguments: EventQuery.Sort.allCases)
  func readsTheFilterThatItWrites(_ sort: EventQuery.Sort) throws {
    let query = try EventQuery(parameters: [
      ("type", "error"), ("source", "a.b & c"), ("q", "x  y\u{3000}z"),
      ("since", "2024-01-15T15:30:00+01:00"),
      ("until", "2024-01-15T14:30:00.5Z"), ("user_id", "é"), ("request_id", "r"), ("tag", "t"),
      ("tag", "e\u{301}"),
      ("tag", "é"), ("tag", "t"), ("sort", Text(sort.rawValue)), ("order", "desc"), ("limit", "5"),
    ])
    #expect(
      query.filter.parameters.filter { $0.name == "tag" }.map(\.value) == ["t", "e\u{301}", "é"])
    #expect(query.filter.parameters.contains { $0 == ("q", "x y z") })
    var next = query
    let key: Text? = sort == .timestamp ? nil : "a.b & c. é"
    next.cursor = EventCursor(.next, of: EventPosition(key: key, id: try #require(EventID(77))))
    #expect(try EventQuery(parameters: next.parameters) == next)
    // The cursor belongs only to this sort.
    for other in EventQuery.Sort.allCases where other != sort {
      let parameters = next.parameters.map { $0.name == "sort" ? ("sort", Text(other.rawValue)) : $0 }
      #expect(names(parameters) == ["cursor"])
    }
  }

  @Test(arguments: [
    ("q", " "), ("q", "a\u{0}b"), ("source", "a\tb"), ("since", "now"), ("until", "2024"),
    ("source", String(repeating: "x", count: 201)),
    ("tag", String(repeating: "x", count: 65)), ("sort", "id"), ("source", " "), ("tag", "\u{2003}"),
  ])
  func refusesAValueThatNothingCanHave(_ name: String, value: String) {
    #expect(names([(Text(name), Text(value))]) == [Text(name)])
  }

  @Test func takesAnEmptyParameterForAnAbsentOne() throws {
    let query = try EventQuery(parameters: [
      ("type", ""), ("order", ""), ("limit", ""), ("cursor", ""), ("type", ""),
    ])
    #expect(query == EventQuery())
  }

  @Test func cutsTheWhiteSpaceAroundANameAsAnEventDoes() throws {
    let given = try EventQuery(parameters: [
      ("source", " a b\u{3000}"), ("user_id", "u\n"), ("request_id", "\tr"), ("tag", "t "), ("tag", " t"),
    ])
    let cut = try EventQuery(parameters: [
      ("source", "a b"), ("user_id", "u"), ("request_id", "r"), ("tag", "t"),
    ])
    #expect(given == cut)
  }

  @Test func tellsTextsApartThatLookTheSame() throws {
    let (one, two) = ("caf\u{E9}" as Text, "cafe\u{301}" as Text)
    for name in ["source", "q", "user_id", "request_id", "tag"] as [Text] {
      #expect(try EventQuery(parameters: [(name, one)]) != EventQuery(parameters: [(name, two)]))
    }
  }

  @Test func namesTheBeginningOfALongNameAndOnlyAHundredErrors() throws {
    let long = String(repeating: "x", count: 1000)
    let found = names((0..<5000).map { (Text(long + "\($0)"), "x") })
    #expect(found.count == 100 && found[0] == Text(long.prefix(64) + "…"))
  }

  @Test func leavesTheRestToTheDefaults() throws {
    var defaults = EventQuery()
    defaults.order = .descending
    defaults.limit = 50
    #expect(try EventQuery(parameters: [], defaults: defaults) == defaults)
    #expect(try EventQuery(parameters: [("order", "asc")], defaults: defaults).limit == 50)
  }

  @Test(arguments: ["0", "1001", "-1", "+5", "5.0", "1e2", " 5", "٥", "x", "99999999999999999999"])
  func refusesALimitOutOfRange(_ limit: String) {
    #expect(names([("limit", Text(limit))]) == ["limit"])
  }

  @Test(arguments: ["1", "1000"])
  func takesALimitAtItsBorders(_ limit: String) {
    #expect(names([("limit", Text(limit))]) == [])
  }

  @Test func namesEverythingThatIsWrong() {
    #expect(
      names([
        ("type", "bad"), ("order", "up"), ("limit", "0"), ("limit", "1"), ("colour", "red"), ("empty", ""),
      ])
        == ["type", "order", "limit", "limit", "colour", "empty"])
  }

  @Test func namesTheAllowedTypes() {
    let error = #expect(throws: InvalidQuery.self) { try EventQuery(parameters: [("type", "bad")]) }
    #expect(error?.errors.first?.detail == "must be user_action, system, error or info")
  }

  @Test(arguments: [EventCursor.Direction.next, .previous])
  func readsTheParametersThatItWrites(_ direction: EventCursor.Direction) throws {
    var query = EventQuery()
    query.filter = .all([.anyType(of: [.error, .system])])
    query.order = .descending
    query.limit = 3
    query.cursor = EventCursor(
      direction, of: EventPosition(key: nil, id: try #require(EventID(123_456_789))))
    #expect(try EventQuery(parameters: query.parameters) == query)
  }

  @Test func refusesACursorOfAnotherQuery() throws {
    var query = EventQuery()
    query.cursor = EventCursor(.next, of: EventPosition(key: nil, id: try #require(EventID(5))))
    let cursor = try #require(query.parameters.last)
    #expect(cursor.name == "cursor")
    #expect(names([("limit", "9"), cursor]) == [])
    #expect(names([("limit", "9"), ("order", "desc"), cursor]) == ["cursor"])
    #expect(names([("limit", "9"), ("type", "error"), cursor]) == ["cursor"])
    #expect(names([cursor]) == ["cursor"])
  }

  @Test(arguments: ["x", "n", "n5", "n5.", ".", "n5.zzz.y", "x5.1", "n-5.1", "n0.1", "🎉", "evt_001"])
  func refusesACursorThatIsNonsense(_ cursor: String) {
    #expect(names([("limit", "9"), ("cursor", Text(cursor))]) == ["cursor"])
  }
}
