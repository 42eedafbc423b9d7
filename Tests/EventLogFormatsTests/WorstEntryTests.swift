import EventLog
import EventLogFormats
import JSON
import TestSupport
import Testing
import Text

/// Combining marks anywhere in what is posted or imported take no longer than other text of their size.
struct WorstEntryTests {
  private static let names = EventMember.allCases.map(\.rawValue) + ["unknown"]

  @Test(arguments: names)
  func readsAMemberInLinearTime(_ name: String) {
    for value in ["\"{}\"", "[\"{}\",\"{}\"]", "{\"{}\":\"{}\"}"] {
      let parts = value.split(separator: "{}", omittingEmptySubsequences: false)
      expectLinearTime("\(name) \(value)") { marks in
        let text = "{\"\(name)\":\(parts.joined(separator: marks.string)),\"\(marks)\":1}"
        _ = try EventDraft(EventDraftFields(json: try JSONValue(parsing: text.utf8)))
      }
    }
  }

  @Test(arguments: names)
  func readsAFieldInLinearTime(_ name: String) {
    expectLinearTime(name) { marks in
      let form: [(name: Text, value: Text)] = [
        (Text(name), marks), (Text(name), marks), (marks, "x"), (marks, "x"),
      ]
      _ = try EventDraft(EventDraftFields(form: form))
    }
  }

  @Test func readsQuotesAfterSpacesInLinearTime() {
    expectLinearTime("a cell of spaces and quotes") { marks in
      let size = marks.string.utf8.count
      let cell = String(repeating: " ", count: size) + "x" + String(repeating: "\"", count: size)
      var texts = [Array("type,source,message\ninfo,s,\(cell)\n".utf8), []]
      var reader = EventFileReader { texts.removeFirst() }
      while try reader.next() != nil {}
    }
  }

  @Test(arguments: [
    "{}\na", "type,{}\ninfo,b", "type,source,message\n{},{},{}",
    "id,timestamp,type,source,message\n{},{},{},{},{}",
    "type,source,message,tags\ninfo,a,b,{}", #"{"type":"info","{}":"{}"}"#,
    #"[{"id":"{}","timestamp":"{}"}]"#,
  ])
  func readsAFileInLinearTime(_ blank: String) {
    let parts = blank.split(separator: "{}", omittingEmptySubsequences: false)
    expectLinearTime(blank) { marks in
      var texts = [Array(parts.joined(separator: marks.string).utf8), []]
      var reader = EventFileReader { texts.removeFirst() }
      while try reader.next() != nil {}
    }
  }
}
