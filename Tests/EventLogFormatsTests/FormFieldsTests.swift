import EventLog
import EventLogFormats
import Testing
import Text

/// Tests that fields are read as a form sends them.
struct FormFieldsTests {
  @Test func readsEveryField() {
    let fields = EventDraftFields(form: [
      ("type", "error"), ("source", "s"), ("message", "a\r\nb\rc\n"), ("user_id", "u"), ("request_id", "r"),
      ("tags", "one, two,,three "), ("tags", "four"), ("data", "{\"x\": 1}"),
    ])
    #expect(fields.type == "error" && fields.source == "s" && fields.userID == "u" && fields.requestID == "r")
    #expect(fields.message == "a\r\nb\rc\n")
    #expect(fields.tags == ["one", "two", "three", "four"])
    #expect(fields.data?.json == "{\"x\":1}")
    #expect(fields.errors.isEmpty)
  }

  @Test func takesAnEmptyFieldForAnAbsentOne() {
    let names: [Text] = ["type", "source", "message", "user_id", "request_id", "tags", "data"]
    #expect(EventDraftFields(form: names.map { ($0, "") }) == EventDraftFields())
  }

  @Test func notesNoMoreThanAHundredErrors() {
    #expect(EventDraftFields(form: (0..<5000).map { (Text("name\($0)"), "x") }).errors.count == 100)
  }

  @Test func readsNoListOfTagsThatNobodyHasWritten() {
    let most = String(repeating: "a,", count: 999)
    #expect(EventDraftFields(form: [("tags", Text(most))]).tags == ["a"])
    let fields = EventDraftFields(form: [("tags", Text(most + ","))])
    #expect(fields.tags.isEmpty && fields.errors.map(\.pointer) == ["/tags"])
  }

  @Test func notesWhatItCannotTake() {
    let fields = EventDraftFields(form: [
      ("source", "a"), ("source", "b"), ("data", "{"), ("level", "x"), ("a/b~c", "x"),
    ])
    #expect(fields.source == "a")
    #expect(fields.errors.map(\.pointer) == ["/source", "/data", "/level", "/a~1b~0c"])
    #expect(fields.errors[2].detail.contains("data"))
  }
}
