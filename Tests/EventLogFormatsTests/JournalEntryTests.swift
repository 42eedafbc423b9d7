import EventLog
import EventLogFormats
import Testing
import Text

/// Tests that entries of the systemd journal become events.
struct JournalEntryTests {
  private static func line(_ fields: String) -> [UInt8] {
    Array(
      #"{"__CURSOR":"s=ab12;i=1f;b=c;m=d;t=e;x=f","__REALTIME_TIMESTAMP":"1705329000123456"\#(fields)}"#.utf8)
  }

  private static func draft(_ fields: String, _ defaults: EventDefaults = EventDefaults()) throws
    -> EventDraft
  {
    try JournalEntry(parsing: line(fields)).draft(defaults)
  }

  @Test func becomesAnEvent() throws {
    let draft = try Self.draft(
      #"""
      ,"MESSAGE":"Failed password","PRIORITY":"3","SYSLOG_IDENTIFIER":"sshd","_SYSTEMD_UNIT":"ssh.service",
      "_PID":"42","_BOOT_ID":"b","__MONOTONIC_TIMESTAMP":"1","_CAP_EFFECTIVE":"0","CODE_LINE":"7","SYSLOG_PID":"42"
      """#)
    #expect(draft.type == .error && draft.source == "sshd" && draft.message == "Failed password")
    #expect(draft.occurredAt?.description == "2024-01-15T14:30:00.123Z")
    #expect(
      draft.data?.json
        == #"{"PRIORITY":"3","_SYSTEMD_UNIT":"ssh.service","_PID":"42","CODE_LINE":"7"}"#)
  }

  /// What this program says itself is not what the log records about itself.
  @Test func neverComesFromTheLogItself() throws {
    let own = #","SYSLOG_IDENTIFIER":" eventlog ","_COMM":"eventlog""#
    #expect(try Self.draft(own).source == "journal")
    #expect(try Self.draft(own + #","_SYSTEMD_UNIT":"eventlog.service""#).source == "eventlog.service")
    #expect(throws: InvalidEntry.self) { try Self.draft(own, EventDefaults(source: "eventlog")) }
  }

  @Test(arguments: [
    (#","SYSLOG_IDENTIFIER":"a","_SYSTEMD_UNIT":"b","_COMM":"c""#, "a"),
    (#","_SYSTEMD_UNIT":"b","_COMM":"c""#, "b"),
    (#","SYSLOG_IDENTIFIER":" ","_COMM":"c""#, "c"), ("", "journal"),
    (#","SYSLOG_IDENTIFIER":["a","b"]"#, "a"),
  ])
  func comesFromTheIdentifierTheUnitOrTheCommand(_ fields: String, source: String) throws {
    #expect(try Self.draft(fields).source == source)
    #expect(
      try Self.draft(fields, EventDefaults(source: "mine")).source == (fields.isEmpty ? "mine" : source))
  }

  @Test func isAnErrorUpToThePriorityErr() throws {
    for priority in 0...7 {
      #expect(try Self.draft(#","PRIORITY":"\#(priority)""#).type == (priority <= 3 ? .error : .info))
      let system = EventDefaults(type: .system)
      #expect(try Self.draft(#","PRIORITY":"\#(priority)""#, system).type == .system)
    }
    #expect(try Self.draft("").type == .info)
  }

  @Test func hasAMessageWhateverItsBytesAre() throws {
    #expect(try Self.draft(#","MESSAGE":[104,105,255]"#).message == "hi\u{FFFD}")
    #expect(try Self.draft(#","MESSAGE":"\u001b[1mbold\u001b[0m\nx""#).message == "bold\nx")
    for none in ["", #","MESSAGE":null"#, #","MESSAGE":" ""#] {
      #expect(try Self.draft(none).message == "(no message)")
    }
  }

  @Test func saysWhatWasCut() throws {
    let long = String(repeating: "x", count: 20_000)
    #expect(
      try Self.draft(#","MESSAGE":"m","A":"1","LONG":"\#(long)","B":"2""#).data?.json
        == #"{"A":"1","B":"2","cut":["LONG"]}"#)
  }

  @Test(arguments: [
    "", "[]", "{}", "{", #"{"__CURSOR":"x"}"#, #"{"__CURSOR":"s=;i=1"}"#, #"{"__CURSOR":"s=a;i=x"}"#,
    #"{"__CURSOR":7}"#,
  ])
  func isRefusedWithoutACursor(_ text: String) {
    #expect(throws: InvalidEntry.self) { try JournalEntry(parsing: Array(text.utf8)) }
  }

  @Test func hasAPlaceThatIsReadOnce() throws {
    func place(_ stream: Text, _ number: String) throws -> JournalPlace {
      try #require(JournalPlace(cursor: Text("s=\(stream);i=\(number);b=1")))
    }
    var position = JournalPosition()
    try position.note(place("a", "ff"))
    for (stream, number, isRead): (Text, String, Bool) in [
      ("a", "fe", true), ("a", "ff", true), ("a", "100", false), ("b", "1", false),
    ] {
      #expect(try position.has(place(stream, number)) == isRead)
    }
    try position.note(place("b", "1"))
    try position.note(place("a", "1"))
    let other = try #require(JournalPosition(position.text))
    #expect(other == position && position.text == "a=ff b=1")
    // Of many streams, those that were read last are remembered.
    for number in 1...8 { try position.note(place(Text("s\(number)"), "1")) }
    #expect(try !position.has(place("b", "1")) && position.has(place("s1", "1")))
    #expect(JournalPosition("nonsense") == nil)
  }
}
