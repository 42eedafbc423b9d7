import EventLog
import EventLogAPI
import HTTPCore
import HTTPTypes
import TestSupport
import Testing

/// Nobody but the log gives an event what only the log gives, or records events of its own source.
struct OwnEventsTests {
  private let store = MemoryEventStore()
  private static let reserved = "is reserved for what the log records about itself; use another name"
  private static let json = #"{"type":"info","source":"eventlog","message":"m"}"#

  private func post(_ body: String, _ type: String, query: String = "") async throws -> Response {
    try await APIUnderTest(store: store).respond(
      .post, "/events", query: query, fields: [.contentType: type], body: body.utf8)
  }

  @Test(arguments: [
    (json, "application/json", "#/source"),
    (#"{"type":"info","source":" eventlog\u2003","message":"m"}"#, "application/json", "#/source"),
    (#"{"type":"info","source":"event\u006cog","message":"m"}"#, "application/json", "#/source"),
    ("type=info&source=eventlog&message=m", "application/x-www-form-urlencoded", "#/source"),
    ("[\(json)]", "application/json", "#/0/source"), ("\n\(json)\n", "application/x-ndjson", "#/0/source"),
    ("type,source,message\ninfo,a,m\ninfo,eventlog,m\n", "text/csv", "#/1/source"),
  ])
  func refusesTheLogsOwnSource(_ body: String, _ type: String, place: String) async throws {
    let response = try await post(body, type)
    #expect(response.status.code == 422)
    let errors = try #require(try await response.object()["errors"] as? [[String: Any]])
    #expect(errors.compactMap { ($0["pointer"] ?? $0["parameter"]) as? String } == [place])
    #expect(try #require(errors[0]["detail"] as? String).hasSuffix(Self.reserved))
    #expect(try await store.state().newest == nil)
  }

  @Test(arguments: ["Eventlog", "eventlog2", "eventlog.service", "event log"])
  func takesAnyOtherSource(_ source: String) async throws {
    let body = #"{"type":"info","source":"\#(source)","message":"m"}"#
    #expect(try await post(body, "application/json").status == .created)
    #expect(try await post("[\(body)]", "application/json").status == .created)
  }

  /// A log record that cannot be an event is rejected by itself, as the protocol has it.
  @Test func rejectsLogRecordsOfTheLogsOwnSource() async throws {
    func resource(_ service: String) -> String {
      """
      {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"\(service)"}}]},
       "scopeLogs":[{"logRecords":[{"body":{"stringValue":"from \(service)"}}]}]}
      """
    }
    let body = "{\"resourceLogs\":[\(resource("eventlog")),\(resource("shop"))]}"
    let response = try await APIUnderTest(store: store).respond(
      .post, "/v1/logs", fields: [.contentType: "application/json"], body: body.utf8)
    #expect(response.status == .ok)
    let partial = try #require(try await response.object()["partialSuccess"] as? [String: Any])
    #expect(partial["rejectedLogRecords"] as? String == "1")
    #expect(try #require(partial["errorMessage"] as? String).hasSuffix(Self.reserved))
    #expect(try await store.page(EventQuery()).events.map(\.draft.message) == ["from shop"])
  }

  @Test(arguments: [
    (
      #"{"type":"info","source":"s","message":"m","recorded_by":"boss"}"#, "application/json", "#/recorded_by"
    ),
    (#"{"type":"info","source":"s","message":"m","recorded_by":null}"#, "application/json", "#/recorded_by"),
    ("type=info&source=s&message=m&recorded_by=boss", "application/x-www-form-urlencoded", "#/recorded_by"),
    (
      #"[{"type":"info","source":"s","message":"m","recorded_by":"boss"}]"#, "application/json",
      "#/0/recorded_by"
    ),
    ("type,source,message,recorded_by\ninfo,s,m,boss\n", "text/csv", "#/0/recorded_by"),
  ])
  func refusesToSayWhoRecordedAnEvent(_ body: String, _ type: String, place: String) async throws {
    let response = try await post(body, type)
    #expect(response.status.code == 422)
    #expect(try await response.places() == [place])
    #expect(try await post(body, type, query: "drop=recorded_by").status == .created)
    #expect(try await store.page(EventQuery()).events.map(\.draft.recordedBy) == [nil])
  }

  @Test func recordsADownloadAgain() async throws {
    try await store.append(EventDraft.plain().recorded(by: "boss"))
    for (format, type) in [
      ("ndjson", "application/x-ndjson"), ("csv", "text/csv"), ("json", "application/json"),
    ] {
      let download = try await APIUnderTest(store: store).get("/events.\(format)", query: "limit=1")
      let text = String(decoding: try await download.bytes(), as: UTF8.self)
      #expect(text.contains("recorded_by") && text.contains("boss"))
      #expect(try await post(text, type, query: "drop=id,timestamp").status.code == 422)
      #expect(try await post(text, type, query: "drop=id,timestamp,recorded_by").status == .created)
    }
  }
}
