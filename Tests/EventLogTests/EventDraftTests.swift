import EventLog
import Testing
import Text

/// These tests show which drafts are valid.
struct EventDraftTests {
  private func fields(_ change: (inout EventDraftFields) -> Void = { _ in }) -> EventDraftFields {
    var fields = EventDraftFields()
    fields.type = "info"
    fields.source = "test"
    fields.message = "hello"
    change(&fields)
    return fields
  }

  /// Returns the pointers of the errors.
  private func pointers(_ change: (inout EventDraftFields) -> Void) -> [String] {
    do throws(InvalidEvent) {
      _ = try EventDraft(fields(change))
      return []
    } catch {
      return error.errors.map(\.pointer)
    }
  }

  @Test func takesThreeMembersAndLeavesTheRestOut() throws {
    let draft = try EventDraft(fields())
    #expect(draft.type == .info)
    #expect(draft.userID == nil && draft.requestID == nil && draft.tags.isEmpty && draft.data == nil)
  }

  @Test(arguments: [nil, "", "INFO", "debug", " info"])
  func refusesATypeThatIsNotOneOfTheFour(_ type: String?) throws {
    let error = #expect(throws: InvalidEvent.self) {
      try EventDraft(fields { $0.type = type.map { Text($0) } })
    }
    let detail = try #require(error?.errors.first).detail
    for type in EventType.allCases { #expect(detail.contains(type.rawValue)) }
  }

  @Test(arguments: [
    ("x", true), (" ", false), ("\u{2003}\u{3000}", false), ("a\tb", false), ("a\nb", false),
    ("\u{FEFF}", true), ("a\u{0}", false), ("a\u{7F}", false), ("a\u{85}b", false),
    (String(repeating: "x", count: 200), true),
    (String(repeating: "é", count: 200), true), (String(repeating: "x", count: 201), false), (" a ", true),
    ("🎉", true),
  ])
  func takesASourceByItsRules(_ source: String, isValid: Bool) {
    #expect(pointers { $0.source = source } == (isValid ? [] : ["/source"]))
    #expect(pointers { $0.userID = source } == (isValid ? [] : ["/user_id"]))
    #expect(pointers { $0.requestID = source } == (isValid ? [] : ["/request_id"]))
    #expect(pointers { $0.tags = [source] } == (isValid && source.count <= 64 ? [] : ["/tags/0"]))
  }

  @Test func takesAnEmptyIDForAnAbsentOneButNotAnEmptySource() throws {
    #expect(pointers { $0.source = "" } == ["/source"])
    #expect(pointers { $0.tags = [""] } == ["/tags/0"])
    let draft = try EventDraft(
      fields {
        $0.userID = ""
        $0.requestID = ""
      })
    #expect(draft.userID == nil && draft.requestID == nil)
  }

  @Test func cutsTheWhiteSpaceAroundNames() throws {
    let draft = try EventDraft(
      fields {
        $0.source = "\u{2003}my source\n"
        $0.userID = " u "
        $0.requestID = "\u{A0}r\t"
        $0.tags = ["a ", "\u{3000}b"]
        $0.message = " kept as it is \n"
      })
    #expect(draft.source == "my source" && draft.userID == "u" && draft.requestID == "r")
    #expect(draft.tags == ["a", "b"] && draft.message == " kept as it is \n")
    #expect(pointers { $0.tags = ["a", "a "] } == ["/tags/1"])
  }

  @Test func keepsALineFeedForEveryLineEnding() throws {
    let trace = "System.Exception: x\r\n   at A.B()\r   at C()\n"
    let draft = try EventDraft(fields { $0.message = trace })
    #expect(Array(draft.message.utf8) == Array("System.Exception: x\n   at A.B()\n   at C()\n".utf8))
    #expect(pointers { $0.message = "\r\n\r" } == ["/message"])
    #expect(pointers { $0.message = String(repeating: "a\r\n", count: 32_768) } == [])
  }

  @Test(arguments: [
    ("x", true), ("a\tb\nc", true), ("", false), ("\n\t ", false), ("a\rb", true), ("a\u{1B}", false),
    ("a\u{9F}", false),
    (String(repeating: "x", count: 65_536), true), (String(repeating: "x", count: 65_537), false),
    (String(repeating: "é", count: 32_768), true), (String(repeating: "é", count: 32_769), false),
  ])
  func takesAMessageByItsRules(_ message: String, isValid: Bool) {
    #expect(pointers { $0.message = message } == (isValid ? [] : ["/message"]))
  }

  @Test func takesTwentyDistinctTags() {
    #expect(pointers { $0.tags = (1...20).map(String.init) } == [])
    #expect(pointers { $0.tags = (1...21).map(String.init) } == ["/tags"])
    #expect(pointers { $0.tags = ["a", "b", "a", "b"] } == ["/tags/2", "/tags/3"])
    #expect(pointers { $0.tags = [String(repeating: "x", count: 64)] } == [])
    #expect(
      pointers { $0.tags = ["ok", String(repeating: "x", count: 65), "", "a\nb"] } == [
        "/tags/1", "/tags/2", "/tags/3",
      ])
  }

  @Test func tellsEverythingAtOnce() {
    #expect(
      pointers {
        $0 = EventDraftFields()
        $0.userID = " "
        $0.note(InvalidMember(pointer: "/message", detail: "must be a string"))
        $0.note(.unknown("level"))
      } == ["/message", "/level", "/type", "/source", "/user_id"])
  }

  @Test func keepsTheDigitsOfData() throws {
    #expect(try EventData(parsing: #" { "a" : 1.50 , "b" : [ 1e400 ] } "#).json == #"{"a":1.50,"b":[1e400]}"#)
  }

  @Test func takesDataOf16KiB() throws {
    func object(_ size: Int) -> String { "{\"a\":\"" + String(repeating: "x", count: size - 8) + "\"}" }
    #expect(try EventData(parsing: object(16_384)).json.utf8.count == 16_384)
    #expect(throws: InvalidMember.self) { try EventData(parsing: object(16_385)) }
  }

  @Test(arguments: ["", "{", "[]", "1", "null", "\"x\""])
  func refusesDataThatIsNoObject(_ text: String) {
    let error = #expect(throws: InvalidMember.self) { try EventData(parsing: text) }
    #expect(error?.pointer == "/data")
  }
}
