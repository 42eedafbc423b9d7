import EventLog
import EventLogAPI
import Foundation
import HTTPCore
import HTTPTypes
import Testing

/// JSON, NDJSON and CSV of `/events`, there and back.
struct RepresentationTests {
  private static let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

  @Test(arguments: [
    ("", "application/json"), ("*/*", "application/json"), (browser, "application/json"),
    ("application/x-ndjson", "application/x-ndjson"), ("text/csv", "text/csv; charset=utf-8; header=present"),
    ("text/*", "text/csv; charset=utf-8; header=present"),
    ("application/json;q=0.2, text/csv;q=0.5", "text/csv; charset=utf-8; header=present"),
    ("application/json;q=0, */*;q=0.1", "application/x-ndjson"),
  ])
  func isChosenByAccept(_ accept: String, contentType: String) async throws {
    let response = try await APIUnderTest.withExamples().respond(
      .get, "/events", fields: accept.isEmpty ? [:] : [.accept: accept])
    #expect(response.status == .ok)
    #expect(response.fields[.contentType] == contentType)
    #expect(response.fields[.vary] == "Accept")
    #expect(response.fields[.contentDisposition] == nil)
  }

  @Test func listsWhatThereIsWhenNothingIsAcceptable() async throws {
    let response = try await APIUnderTest.withExamples().respond(
      .get, "/events", fields: [.accept: "image/png"])
    #expect(response.status == .notAcceptable)
    let detail = try #require(try await response.object()["detail"] as? String)
    for mediaType in ["application/json", "application/x-ndjson", "text/csv"] {
      #expect(detail.contains(mediaType))
    }
  }

  @Test(arguments: EventRepresentation.allCases)
  func isADownloadBySuffix(_ representation: EventRepresentation) async throws {
    let response = try await APIUnderTest.withExamples().respond(
      .get, "/events.\(representation.suffix)", query: "limit=1", fields: [.accept: "image/png"])
    #expect(response.status == .ok)
    let disposition = try #require(response.fields[.contentDisposition])
    #expect(
      disposition.wholeMatch(
        of: try Regex("attachment; filename=\"events-\\d{8}T\\d{6}Z\\.\(representation.suffix)\"")) != nil)
    #expect(response.fields[.link]?.contains("</events.\(representation.suffix)?") == true)
  }

  @Test func isOneObjectALineInNDJSON() async throws {
    let bytes = try await APIUnderTest.withExamples().get("/events.ndjson").bytes()
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4 && lines[3].isEmpty)
    #expect(lines.dropLast().allSatisfy { $0.hasPrefix("{\"id\":\"evt_00") && $0.hasSuffix("}") })
  }

  @Test func isAHeaderAndRowsInCSV() async throws {
    let store = MemoryEventStore(now: { Timestamp(milliseconds: 0) })
    try await store.append([
      EventDraft(
        storedType: .info, source: "=1+2", message: "a, \"b\"\nc", userID: "-x", requestID: nil,
        tags: ["t", "u,v"], data: try EventData(parsing: #"{"a": 1.50}"#)),
      EventDraft(
        storedType: .error, source: "'@x", message: "'quoted'", userID: nil, requestID: "+1", tags: [],
        data: nil),
    ])
    let bytes = try await APIUnderTest(store: store).get("/events.csv").bytes()
    #expect(
      String(decoding: bytes, as: UTF8.self) == """
        id,timestamp,type,source,message,user_id,request_id,tags,data\r
        evt_001,1970-01-01T00:00:00.000Z,info,'=1+2,"a, ""b""\nc",'-x,,"[""t"",""u,v""]","{""a"":1.50}"\r
        evt_002,1970-01-01T00:00:00.000Z,error,''@x,'quoted',,'+1,,\r

        """)
  }

  @Test(arguments: EventRepresentation.allCases, [1, 7, 100_000])
  func comesBackAsItWas(_ representation: EventRepresentation, partSize: Int) async throws {
    let nasty = [
      "=cmd", "'=cmd", "''+1", "'", "plain", "a\"b", "a,b", "\"", "x\ty", "\tx y", "[1]", "{\"a\":1}", "null",
      "\u{FEFF}bom", "🎉 é e\u{301}", "line\nfeed", "ends\n", "\\", "]", "}",
    ]
    let events = nasty.enumerated().compactMap { index, text in
      EventID(Int64(index * 3 + 1)).map {
        Event(
          id: $0, timestamp: Timestamp(milliseconds: 1_700_000_000_000 - Int64(index)),
          draft: EventDraft(
            storedType: .allCases[index % 4], source: text.filter { !"\t\n".contains($0) }, message: text,
            userID: index % 2 == 0 ? text.filter { !"\t\n".contains($0) } : nil, requestID: nil,
            tags: index % 3 == 0 ? [text.filter { !"\t\n".contains($0) }, "t"] : [],
            data: index % 5 == 0 ? EventData(stored: #"{"n":1e400,"s":"]}\""}"#) : nil))
      }
    }
    let store = MemoryEventStore()
    _ = try await store.restore(events, after: nil)
    var text: [UInt8] = []
    try await store.export(EventQuery(), as: representation) { text += $0 }
    let entries = try Self.read(text, partSize: partSize)
    #expect(entries.map { try? $0.content.get().event } == events)
  }

  @Test(arguments: [
    ("", []), ("[]", []), (" [ ] ", []), ("\n\n", []), ("id,type\n", []),
    ("[{\"a\":1}", ["1 the array does not end"]), ("[1]", ["1 it must be a JSON object"]),
    ("{}\n\nx", ["1 type is required", "3 it is not JSON"]),
    ("[{}] x", ["1 type is required", "1 there is text"]),
    ("colour\nred\n", ["1 the header names a column 'colour'"]),
    ("type,source,message\ninfo,a\ninfo,\"b", ["2 it has 2 cells", "3 a quote does not end"]),
    (
      "{\"id\":\"evt_7\",\"timestamp\":\"now\",\"type\":\"info\",\"source\":\"s\",\"message\":\"m\"}",
      ["1 id must"]
    ),
  ])
  func tellsWhatIsWrongAndOnWhichLine(_ text: String, complaints: [String]) throws {
    let found = try Self.read(Array(text.utf8), partSize: 3).compactMap { entry -> String? in
      if case .failure(let error) = entry.content { "\(entry.line) \(error)" } else { nil }
    }
    #expect(found.count == complaints.count, "\(found)")
    for (found, complaint) in zip(found, complaints) { #expect(found.hasPrefix(complaint), "\(found)") }
  }

  @Test func readsWhatTheOriginalWrites() throws {
    let text = """
      [{"id": "evt_001", "timestamp": "2024-01-15T14:30:00Z", "type": "info", "source": "a", "message": "b"},
       {"id": "evt_002", "timestamp": "2024-01-15T14:30:00.123999", "type": "info", "source": "a", "message": "b"}]
      """
    let events = try Self.read(Array(text.utf8), partSize: 10).map { try $0.content.get().event }
    #expect(
      events.map { $0?.timestamp.description } == ["2024-01-15T14:30:00.000Z", "2024-01-15T14:30:00.123Z"])
  }

  private static func read(_ bytes: [UInt8], partSize: Int) throws -> [EventFileReader.Entry] {
    var rest = bytes[...]
    var reader = EventFileReader {
      defer { rest = rest.dropFirst(partSize) }
      return Array(rest.prefix(partSize))
    }
    var entries: [EventFileReader.Entry] = []
    while let entry = try reader.next() { entries.append(entry) }
    return entries
  }
}
