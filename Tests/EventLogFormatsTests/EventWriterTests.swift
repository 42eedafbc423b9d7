import EventLog
import TestSupport
import Testing

@testable import EventLogFormats

/// Tests the text that writers produce from events.
struct EventWriterTests {
  @Test func isOneObjectALineInNDJSON() async throws {
    #expect(
      try await Self.storeWithExamples().export(as: .ndjson) == Self.examples.map { $0 + "\n" }.joined())
  }

  @Test func isAHeaderAndRowsInCSV() async throws {
    let store = MemoryEventStore(now: { Timestamp(milliseconds: 0) })
    try await store.append([
      EventDraft(
        storedType: .info, source: "=1+2", message: "a, \"b\"\nc", userID: "-x", requestID: nil,
        tags: ["t", "u,v"], data: try EventData(parsing: #"{"a": 1.50}"#),
        occurredAt: Timestamp(milliseconds: 1500), recordedBy: "=key"),
      EventDraft(
        storedType: .error, source: "'@x", message: "'quoted'", userID: nil, requestID: "+1", tags: [],
        data: nil, occurredAt: nil),
    ])
    #expect(
      try await store.export(as: .csv) == """
        id,timestamp,type,source,message,user_id,request_id,tags,data,occurred_at,recorded_by\r
        evt_001,1970-01-01T00:00:00.000Z,info,"'=1+2","a, ""b""\nc","'-x",,"[""t"",""u,v""]","{""a"":1.50}",1970-01-01T00:00:01.500Z,"'=key"\r
        evt_002,1970-01-01T00:00:00.000Z,error,"''@x",'quoted',,"'+1",,,,\r

        """)
  }

  /// Wherever a spreadsheet may see the start of a cell, nothing that it would run stands there.
  @Test(arguments: [
    ("=1", "\"'=1\""), ("+1,2", "\"'+1,2\""), ("-\"1\"", "\"'-\"\"1\"\"\""), ("@a\nb", "\"'@a\nb\""),
    ("=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""), ("\t=,", "\"\t'=,\""),
    ("'=1,2", "\"''=1,2\""), ("a=1,2", "\"a=1,2\""), ("'a,b", "\"'a,b\""), ("'", "'"), ("a;b\tc", "a;b\tc"),
    ("a;=1", "\"a;'=1\""), ("a;'-1;+2", "\"a;''-1;'+2\""), ("a\n@b", "\"a\n'@b\""), (";;\t=", "\";;\t'=\""),
    ("a; =1", "a; =1"), ("\u{FF1D}1", "\"'\u{FF1D}1\""), ("\u{FF0B}1", "\"'\u{FF0B}1\""),
    ("\u{FF0D}1", "\"'\u{FF0D}1\""), ("a;\u{FF20}1", "\"a;'\u{FF20}1\""), ("\u{FF1E}1", "\u{FF1E}1"),
  ])
  func takesARiskyCellForNoFormulaInCSV(_ message: String, cell: String) async throws {
    let store = MemoryEventStore(now: { Timestamp(milliseconds: 0) })
    try await store.append(.plain(message))
    #expect(
      try await store.export(as: .csv).split(separator: "\r\n", maxSplits: 1).last
        == "evt_001,1970-01-01T00:00:00.000Z,info,test,\(cell),,,,,,\r\n")
  }

  @Test func isOneArrayInJSON() async throws {
    #expect(
      try await Self.storeWithExamples().export(as: .json)
        == "[" + Self.examples.joined(separator: ",\n") + "]\n")
  }

  @Test(arguments: [
    (EventFormat.json, "[]\n"), (.ndjson, ""),
    (.csv, "id,timestamp,type,source,message,user_id,request_id,tags,data,occurred_at,recorded_by\r\n"),
  ])
  func isWholeWithoutEvents(_ format: EventFormat, text: String) async throws {
    #expect(try await MemoryEventStore().export(as: format) == text)
  }

  @Test(arguments: EventFormat.allCases)
  func isTheSameInPartsAndAtOnce(_ format: EventFormat) async throws {
    let message = String(repeating: "m", count: 50_000)
    let store = MemoryEventStore()
    try await store.append(
      (0..<50).map { number in
        EventDraft(
          storedType: .info, source: "s\(number)", message: message, userID: nil, requestID: nil, tags: [],
          data: nil, occurredAt: nil)
      })
    var sizes: [Int] = []
    var text: [UInt8] = []
    try await store.export(EventQuery(), as: format) { part in
      sizes.append(part.count)
      text += part
    }
    #expect(sizes.count > 20 && sizes.allSatisfy { $0 < 200_000 })
    #expect(try await Self.textAtOnce(of: store, by: format.writer) == text)
  }

  @Test func isNotMadeAtOnceWhenTheEventsAreLarger() async throws {
    let store = try await Self.storeWithExamples()
    let page = try await store.page(EventQuery(), of: Event.self)
    let size = page.events.reduce(0) { $0 + $1.size }
    let text = try #require(CSVWriter().text(of: page, maximumSize: size))
    #expect(String(decoding: text, as: UTF8.self) == (try await store.export(as: .csv)))
    #expect(CSVWriter().text(of: page, maximumSize: size - 1) == nil)
  }

  @Test func hasAsManyEventsAsAreAskedFor() async throws {
    var query = EventQuery()
    query.limit = 2
    var text: [UInt8] = []
    try await Self.storeWithExamples().export(query, as: .ndjson) { text += $0 }
    #expect(String(decoding: text, as: UTF8.self) == Self.examples.prefix(2).map { $0 + "\n" }.joined())
  }

  /// The texts of the examples.
  private static var examples: [String] {
    Event.examples.map { event in
      var text: [UInt8] = []
      text.appendJSON(event)
      return String(decoding: text, as: UTF8.self)
    }
  }

  private static func storeWithExamples() async throws -> MemoryEventStore {
    let store = MemoryEventStore()
    _ = try await store.restore(Event.examples, after: nil)
    return store
  }

  private static func textAtOnce<Writer: EventWriter>(
    of store: MemoryEventStore, by writer: Writer
  ) async throws -> [UInt8] {
    var query = EventQuery()
    query.limit = 50
    var writer = writer
    for event in try await store.page(query).events { writer.append(Writer.Item(event, by: .timestamp)) }
    writer.finish()
    return writer.text
  }
}

extension EventStore {
  fileprivate func export(as format: EventFormat) async throws -> String {
    var text: [UInt8] = []
    try await export(EventQuery(), as: format) { text += $0 }
    return String(decoding: text, as: UTF8.self)
  }
}
