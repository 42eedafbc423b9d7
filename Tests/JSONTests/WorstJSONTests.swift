import JSON
import TestSupport
import Testing
import Text

/// Names and strings of combining marks take no longer than others of their size.
struct WorstJSONTests {
  @Test(arguments: [#"{"{}":1}"#, #"{"a":{"{}":1}}"#, #"{"{}":1,"{}":1}"#, #"{"a":"{}"}"#, #"["{}"]"#])
  func isParsedInLinearTime(_ blank: String) {
    let pieces = blank.split(separator: "{}", omittingEmptySubsequences: false)
    expectLinearTime(blank) { marks in
      let value = try JSONValue(parsing: pieces.joined(separator: marks.string).utf8)
      _ = value["a"] ?? value[marks]
    }
  }

  @Test func tellsManyNamesOfMarksApart() {
    expectLinearTime("names") { marks in
      let names = (0..<20).map { "\"\(marks)\($0)\":0" }
      _ = try JSONValue(parsing: "{\(names.joined(separator: ","))}".utf8)
    }
  }
}
