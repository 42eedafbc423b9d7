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

  /// The spaces at the start of a cell were once looked through again at each quote after them.
  @Test(arguments: [" x\"", "\"\"\"", " \" ", "x\"\n", "\"\n\"", " ,\""])
  func readsARowInLinearTime(_ parts: String) {
    let parts = parts.map(String.init)
    expectLinearTime(parts.joined(), of: " ") { text in
      let half = text.size / 2
      let row = String(repeating: parts[0], count: half) + parts[1] + String(repeating: parts[2], count: half)
      var texts = [Array("type,source,message\ninfo,a,\(row)".utf8), []]
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
