import EventLog
import JSON
import Testing
import Text

/// Tests of saved views, and of the columns of lists.
struct SavedViewTests {
  @Test(arguments: ["a", "on-call_7.b", "Überfällige Rechnungen", "a b", String(repeating: "x", count: 64)])
  func hasANameThatIsGoodInAnAddress(_ name: String) throws {
    #expect(try ViewName(Text(name)).text == Text(name))
  }

  @Test(arguments: [
    ("", "must not be blank"), (" ", "must not be blank"), (" a", "must not begin or end with white space"),
    ("a/b", "must not contain a slash or begin with a dot"),
    ("..", "must not contain a slash or begin with a dot"),
    ("a\u{7}b", "must not contain control characters"),
    (String(repeating: "é", count: 65), "must be at most 64 characters, not 65"),
  ])
  func refusesOtherNames(_ name: String, detail: String) {
    #expect(throws: InvalidMember(pointer: "/name", detail: detail)) { try ViewName(Text(name)) }
  }

  @Test func keepsItsQueryAsItWasTyped() throws {
    let view = try SavedView(name: try ViewName("a"), query: " since:24h  type:error ")
    #expect(view.query == "since:24h  type:error" && view.columns == nil)
    #expect(view.parameters.map(\.name) == ["q"] && view.parameters[0].value == view.query)
    #expect(try SavedView(name: try ViewName("a"), query: "").parameters.isEmpty)
  }

  @Test(arguments: ["type:foo", "\"a", "a OR", String(repeating: "a", count: 501)])
  func refusesAQueryThatIsNotValid(_ query: String) throws {
    let error = #expect(throws: InvalidMember.self) {
      try SavedView(name: try ViewName("a"), query: Text(query))
    }
    #expect(error?.pointer == "/query")
  }

  @Test func readsColumnsInTheirOrder() throws {
    let columns = try ListColumns(parameter: #"message, data."a,b".c,user_id"#)
    #expect(columns.all.map(\.name) == ["message", #"data."a,b".c"#, "user_id"])
    #expect(try ListColumns(parameter: columns.parameter) == columns)
    for member in ListColumn.members { #expect(ListColumn(Text(member.rawValue)) == .member(member)) }
    #expect(try ListColumns(parameter: ListColumns.usual.parameter) == .usual)
  }

  @Test(arguments: [
    ("colour", "\"colour\" is not a column"), ("type,,id", "an empty name is not a column"),
    ("data", "\"data\" is not a column"), ("data.", "\"data.\" is not a column"),
    ("id,type,id", "\"id\" is there twice"),
    ((1...13).map { "data.n\($0)" }.joined(separator: ","), "must be 1 to 12 columns, not 13"),
  ])
  func refusesOtherColumns(_ value: String, detail: String) {
    let error = #expect(throws: InvalidParameter.self) { try ListColumns(parameter: Text(value)) }
    #expect(
      error?.name == "columns" && error?.detail.hasPrefix(detail) == true, "\(String(describing: error))")
  }

  @Test func isReadFromJSONAsItIsWritten() throws {
    let name = try ViewName("a")
    for text in [
      #"{"name":"a","query":"x since:1h","columns":["id","data.n"]}"#, #"{"name":"a","query":""}"#,
    ] {
      let json = try JSONValue(parsing: text.utf8)
      #expect(try SavedView(json, named: name).json == json)
    }
    #expect(try SavedView(.object([]), named: name).parameters.isEmpty)
  }

  @Test(arguments: [
    ("[]", ""), (#"{"query":1}"#, "/query"), (#"{"columns":"id"}"#, "/columns"),
    (#"{"columns":[]}"#, "/columns"),
    (#"{"columns":["id",1]}"#, "/columns/1"), (#"{"columns":["id","x"]}"#, "/columns/1"),
    (#"{"name":"b"}"#, "/name"), (#"{"colour":1}"#, "/colour"), (#"{"query":"type:foo"}"#, "/query"),
  ])
  func saysWhereJSONIsWrong(_ text: String, pointer: String) throws {
    let json = try JSONValue(parsing: text.utf8)
    let error = #expect(throws: InvalidMember.self) { try SavedView(json, named: try ViewName("a")) }
    #expect(error?.pointer == pointer)
  }

  @Test(arguments: [
    (
      [("type", "error"), ("type", "info"), ("q", "a  b"), ("since", "24h")],
      "type:error OR type:info a  b since:24h"
    ),
    (
      [("source", "a b"), ("tag", "x"), ("tag", "\"y"), ("data.n", "42")],
      #"source:"a b" tag:x tag:"\"y" data.n:42"#
    ),
    (
      [("user_id", "u"), ("request_id", "r"), ("occurred_until", "2026-03-01")],
      "user:u request:r occurred_until:2026-03-01"
    ),
    ([("sort", "type"), ("limit", "5"), ("q", "")], ""),
  ])
  func writesAFilterAsASearchThatFindsTheSame(_ parameters: [(String, String)], search: String) throws {
    let all = parameters.map { (name: Text($0.0), value: Text($0.1)) }
    #expect(SearchQuery.text(ofFilter: all) == Text(search))
  }
}
