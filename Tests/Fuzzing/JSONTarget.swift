import EventLog
import EventLogFormats
import JSON
import Text

/// Checks that a text that is parsed, written and parsed again yields the same value, and that the same holds for the
/// event that is made from it.
enum JSONTarget {
  static func test(_ input: [UInt8]) {
    guard let value = try? JSONValue(parsing: input) else { return }
    var written: [UInt8] = []
    written.appendJSON(value)
    require((try? JSONValue(parsing: written)) == value, "a written value is parsed as the same value")
    require(!written.contains(UInt8(ascii: "\n")), "a value takes one line")

    guard let draft = try? EventDraft(EventDraftFields(json: value)), let id = EventID(1) else { return }
    var event: [UInt8] = []
    event.appendJSON(Event(id: id, timestamp: Timestamp(milliseconds: 0), draft: draft))
    guard case .object(let members)? = try? JSONValue(parsing: event) else {
      return require(false, "an event is written as a JSON object")
    }
    let fields = EventDraftFields(json: .object(members.filter { $0.name != "id" && $0.name != "timestamp" }))
    require((try? EventDraft(fields)) == draft, "an event is read as it was written")
  }
}
