import TestSupport
import Testing
import Text

@testable import EventLog

/// What people type to search is read as they mean it.
struct SearchQueryTests {
  private static let now = Timestamp(milliseconds: 1_709_294_400_000)  // 2024-03-01T12:00:00.000Z

  private func search(_ text: String) throws -> SearchQuery { try SearchQuery(Text(text), now: Self.now) }

  private func path(_ names: Text...) -> DataPath { DataPath(names) }

  @Test(arguments: [
    ("declined card", ["declined", "card"]), ("\"card declined\"", ["card declined"]),
    ("\"a b\"c", ["a b", "c"]),
    ("5\" pipe", ["5\"", "pipe"]), (#"\"quoted"#, ["\"quoted"]), (#"say\"so"#, ["say\"so"]),
    (#""say \"so\"""#, ["say \"so\""]), (#""C:\new dir\\""#, [#"C:\new dir\"#]), (#"C:\new"#, [#"C:\new"#]),
    ("12:30", ["12:30"]), ("http://a.b/?c=d", ["http://a.b/?c=d"]), ("or and NOT", ["or", "and", "NOT"]),
    ("\"OR\" \"-x\" \"type:info\"", ["OR", "-x", "type:info"]), ("- --flag", ["-", "--flag"]),
    ("Type:error", ["Type:error"]),
    ("data data.csv data.", ["data", "data.csv", "data."]), ("a\u{3000}b\n\tc", ["a", "b", "c"]),
    ("(a b)", ["(a", "b)"]),
    ("source", ["source"]), ("has", ["has"]), ("ORDER", ["ORDER"]), ("e\u{301}:1", ["e\u{301}:1"]),
  ])
  func readsTexts(_ text: String, texts: [String]) throws {
    #expect(try search(text).condition == .text(SearchTerms(texts.map { Text($0) })))
  }

  @Test(arguments: [
    ("type:error", EventCondition.type(.error)), ("source:\"my shop\"", .source("my shop")),
    ("user:u-81", .userID("u-81")),
    ("user_id:u-81", .userID("u-81")), ("request:r1", .requestID("r1")), ("request_id:r1", .requestID("r1")),
    ("tag:eu", .tag("eu")), ("source:a:b", .source("a:b")), ("has:user", .has(.userID)),
    ("has:tags", .has(.tag)),
    ("has:request", .has(.requestID)), ("has:data", .has(.data)), ("source:-x", .source("-x")),
    ("since:2024-02-29", .since(Timestamp(milliseconds: 1_709_164_800_000))),
    ("since:24h", .since(Timestamp(milliseconds: 1_709_208_000_000))),
    ("until:1h", .until(Timestamp(milliseconds: 1_709_290_800_000))),
    ("occurred_since:1h", .since(Timestamp(milliseconds: 1_709_290_800_000), by: .occurredAt)),
    ("occurred_until:1h", .until(Timestamp(milliseconds: 1_709_290_800_000), by: .occurredAt)),
    (
      "on:2024-02-29",
      .all([
        .since(Timestamp(milliseconds: 1_709_164_800_000)),
        .until(Timestamp(milliseconds: 1_709_251_200_000)),
      ])
    ),
  ])
  func readsMembers(_ text: String, condition: EventCondition) throws {
    #expect(try search(text).condition == condition)
    #expect(try search("-\(text)").condition == .not(condition))
  }

  @Test func readsMembersOfData() throws {
    func leaf(_ path: DataPath, _ value: DataValue) -> EventCondition {
      .data(DataLeaf(path: path, value: value))
    }
    let number = DataValue("42")
    #expect(try search("data.order.id:42").condition == leaf(path("order", "id"), number))
    #expect(try search("data.order.id=42.0").condition == leaf(path("order", "id"), number))
    #expect(try search("data.id:\"42\"").condition == leaf(path("id"), .string("42")))
    #expect(try search("data.ok:true").condition == leaf(path("ok"), .bool(true)))
    #expect(try search("data.x:null").condition == leaf(path("x"), .null))
    #expect(try search("data.x:-5").condition == leaf(path("x"), DataValue("-5")))
    #expect(try search("data.s:a:b").condition == leaf(path("s"), .string("a:b")))
    #expect(try search("data.s:\"a b\"").condition == leaf(path("s"), .string("a b")))
    #expect(try search(#"data.s:"a\nb\"""#).condition == leaf(path("s"), .string("a\nb\"")))
    #expect(try search("data.\"a.b\":1").condition == leaf(path("a.b"), DataValue("1")))
    #expect(try search("data.\"a b\".c:1").condition == leaf(path("a b", "c"), DataValue("1")))
    for relation in NumberComparison.Relation.allCases {
      for colon in ["", ":"] {
        #expect(
          try search("data.amount\(colon)\(relation.rawValue)10.50").condition
            == .number(NumberComparison(path: path("amount"), relation, CanonicalNumber("10.5"))))
      }
    }
    #expect(try search("has:data.order.id").condition == .has(.dataMember(path("order", "id"))))
  }

  @Test func joinsClausesAndChoices() throws {
    let (a, b, c) = (
      EventCondition.text(SearchTerms(["a"])), EventCondition.text(SearchTerms(["b"])),
      EventCondition.tag("c")
    )
    #expect(try search("a OR b tag:c").condition == .all([.any([a, b]), c]))
    #expect(try search("tag:c a OR -b").condition == .all([c, .any([a, .not(b)])]))
    #expect(try search("a -b").condition == .all([a, .not(b)]))
    #expect(try search("a tag:c b").condition == .all([.text(SearchTerms(["a", "b"])), c]))
    #expect(try search("a OR b OR tag:c").condition == .any([a, b, c]))
  }

  @Test(arguments: [
    ("data.amount>=", 0, "data.amount>= : a number is missing"),
    ("x data.amount>=ten", 2, "a number is missing"),
    ("data.a:", 0, "a value is missing"), ("x type:foo", 2, "type:foo : the value must be"),
    ("type:", 0, "a value is missing"),
    ("source: x", 0, "a value is missing"), ("has:foo", 0, "has:foo : the value must be user,"),
    ("since:now", 0, "24h"),
    ("on:24h", 0, "must be a date"), ("a \"b", 2, "closing quotation mark is missing"),
    ("\"\"", 0, "a text is missing"),
    ("OR a", 0, "between two terms"), ("a OR", 2, "between two terms"), ("a OR OR b", 5, "between two terms"),
    ("data.a:\"C:\\dir\"", 7, "JSON string"), ("source:\"  \"", 0, "must not be blank"),
    ("user:\"\"", 5, "a text is missing"),
    ("\u{1F389} tag:", 2, "a value is missing"), ("on:2024-02-30", 0, "must be a date"),
  ])
  func namesThePlaceOfAnError(_ text: String, place: Int, reason: String) throws {
    let error = try #require(throws: InvalidParameter.self) { try search(text) }
    #expect(error.name == "q")
    #expect(error.place?.lowerBound == place)
    #expect(error.detail.contains("at character \(place + 1), "))
    #expect(error.detail.contains(reason), "\(error.detail)")
  }

  @Test(arguments: [
    "", "  ", " \u{3000}", "a\u{0}", String(repeating: "a", count: 501),
    String(repeating: "since:1s ", count: 21),
  ])
  func refusesWhatIsNoSearch(_ text: String) {
    #expect(throws: InvalidParameter.self) { try search(text) }
  }

  @Test func boundsTheNumberOfTerms() throws {
    let terms = { (count: Int) in Array(repeating: "tag:a", count: count).joined(separator: " ") }
    #expect(try search(terms(32)).clauseTexts.count == 32)
    #expect(throws: InvalidParameter.self) { try search(terms(33)) }
    #expect(throws: InvalidParameter.self) { try search("\(terms(31)) a OR b") }
  }

  @Test(arguments: [
    ("  declined   \"card\" ", "declined card"), ("data.a=1.0", "data.a:1"), ("user_id:u", "user:u"),
    ("source:\"a\"", "source:a"),
    ("-\"a b\" OR \"-x\"", "-\"a b\" OR \"-x\""), (#""C:\new dir""#, #""C:\new dir""#),
    ("data.s:\"42\"", "data.s:\"42\""),
    ("since:60m", "since:1h"), ("on:2024-02-29", "on:2024-02-29"), ("data.a:>5", "data.a>5"),
    ("\"a\"\"b\"", "a b"),
    ("data.\"a\tb\">=10", #""data.\"a" b">=10"#), (#"has:"data.\"a b\"""#, #"has:"data.\"a b\"""#),
    ("has:user_id", "has:user"), ("\"12:30\"", "12:30"), ("\"data.a:\"", "\"data.a:\""),
  ])
  func isWrittenInOneWay(_ text: String, written: String) throws {
    #expect(try search(text).text == Text(written))
  }

  @Test func writesSpansAsMoments() throws {
    let search = try search("-since:24h declined")
    #expect(search.isRelative && search.text == "-since:1d declined")
    #expect(search.resolved.text == "-since:2024-02-29T12:00:00.000Z declined")
    #expect(try !self.search("since:2024-02-29").isRelative)
  }

  @Test func removesClauses() throws {
    let search = try search("a OR b -tag:c")
    #expect(search.clauseTexts == ["a OR b", "-tag:c"])
    #expect(search.removing("a OR b")?.text == "-tag:c")
    #expect(search.removing("-tag:c")?.removing("a OR b") == nil)
    #expect(search.removing("a")?.text == search.text)
  }

  /// Random characters, most of which mean something, are refused or read as they are written again.
  @Test(arguments: [UInt64](1...8))
  func isReadAsItIsWritten(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let parts = [
      " ", "  ", "\"", "\\", "-", ":", "=", "<", ">", ".", "OR", " OR ", "data.", "data.a", "type:", "error",
      "source:", "has:",
      "user", "since:", "1h", "on:", "2024-02-29", "a", "é", "e\u{301}", "\u{A0}", "42", "1e99", "\"a b\"",
      "tag:", "true", "\n",
      "until:", "-1", "\\\"", "\u{1F389}", "request_id:",
    ]
    var count = 0
    for _ in 0..<4000 {
      let text = (0..<Int.random(in: 1...8, using: &generator)).compactMap { _ in
        parts.randomElement(using: &generator)
      }
      .joined()
      guard let search = try? search(text) else { continue }
      count += 1
      #expect(try self.search(search.text.string) == search, "\(text) \(search.text)")
      let resolved = try SearchQuery(search.resolved.text, now: .earliest)
      #expect(resolved.condition == search.condition, "\(text)")
    }
    #expect(count > 1000)
  }
}
