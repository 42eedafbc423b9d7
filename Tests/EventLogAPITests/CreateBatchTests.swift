import EventLog
import EventLogAPI
import HTTPCore
import HTTPTypes
import Testing

/// `POST /events` records several events together.
struct CreateBatchTests {
  private static let event = #"{"type":"info","source":"s","message":"m"}"#
  private let store = MemoryEventStore()

  private func post(
    _ body: String, _ contentType: String = "application/x-ndjson", query: String = "", prefer: String? = nil
  ) async throws -> Response {
    var fields: HTTPFields = [.contentType: contentType]
    fields[.prefer] = prefer
    return try await APIUnderTest(store: store).respond(
      .post, "/events", query: query, fields: fields, body: body.utf8)
  }

  @Test(arguments: [
    ("application/x-ndjson", "J\nJ\n"), ("application/ndjson", "J\nJ"),
    ("application/jsonl; charset=utf-8", "J\nJ"),
    ("application/x-jsonlines", "\nJ\n\nJ"), ("application/json", " [J,J]"),
    ("text/csv; header=present", "type,source,message\ninfo,s,m\ninfo,s,m"),
  ])
  func answers201WithTheFirstAndTheLastID(_ contentType: String, _ pattern: String) async throws {
    _ = try await post(Self.event)
    let text = pattern.split(separator: "J", omittingEmptySubsequences: false).joined(separator: Self.event)
    let response = try await post(text, contentType)
    #expect(response.status == .created && response.fields[.location] == nil)
    #expect(
      String(decoding: try await response.bytes(), as: UTF8.self)
        == #"{"count":2,"first_id":"evt_002","last_id":"evt_003"}"# + "\n")
  }

  @Test func answersWithTheEventsForWhoPrefersThat() async throws {
    let response = try await post(
      "[\(Self.event),\(Self.event)]", "application/json", prefer: "return=representation")
    #expect(response.status == .created && response.fields[.preferenceApplied] == "return=representation")
    #expect(try await response.ids() == ["evt_001", "evt_002"])
    #expect(try await response.events().first?["message"] as? String == "m")
  }

  @Test func recordsAllOrNothing() async throws {
    for (body, type, status, places) in [
      ("\(Self.event)\n{}\n", "application/x-ndjson", 422, ["#/1/type", "#/1/source", "#/1/message"]),
      (
        "[\(Self.event),{\"type\":\"info\",\"source\":\"s\",\"message\":\"\"}]", "application/json", 422,
        ["#/1/message"]
      ),
      ("\(Self.event)\n{\n", "application/x-ndjson", 400, ["#/1"]),
      ("[\(Self.event)", "application/json", 400, ["#/0"]),
      ("", "application/x-ndjson", 422, []), ("[]", "application/json", 422, []),
      (String(repeating: "\(Self.event)\n", count: 10_001), "application/x-ndjson", 413, []),
    ] {
      let response = try await post(body, type)
      #expect(response.status.code == status)
      let errors = try await response.object()["errors"] as? [[String: Any]] ?? []
      #expect(errors.compactMap { $0["pointer"] as? String } == places)
      #expect(errors.allSatisfy { ($0["line"] as? Int) == (type == "application/json" ? nil : 2) })
    }
    #expect(try await store.state().lastID == nil)
  }

  @Test func recordsADownloadAgain() async throws {
    let lines = (1...3).map { _ in Self.event }.joined(separator: "\n")
    _ = try await post(lines)
    let types = ["json": "application/json", "ndjson": "application/x-ndjson", "csv": "text/csv"]
    for (format, type) in types {
      let download = try await APIUnderTest(store: store).get("/events.\(format)", query: "limit=3")
      let text = String(decoding: try await download.bytes(), as: UTF8.self)
      #expect(try await post(text, type).places().prefix(2) == ["#/0/id", "#/0/timestamp"])
      #expect(try await post(text, type, query: "drop=id,timestamp").status == .created)
      #expect(try await post(text, type, query: "drop=id&drop=timestamp").status == .created)
      #expect(try await post(text, type, query: "drop=id").places().first == "#/0/timestamp")
    }
    for value in ["message", ",", "id,", "id,,timestamp"] {
      #expect(try await post(Self.event, query: "drop=\(value)").places() == ["drop"])
    }
    #expect(try await post(#"{"type":"info","source":"s","message":"m"}"#, query: "drop=").status == .created)
    #expect(try await store.state().lastID == EventID(3 + 3 * 6 + 1))
  }

  @Test func dropsFromASingleEventToo() async throws {
    let json = #"{"type":"info","source":"s","message":"m","id":"evt_009","timestamp":1}"#
    #expect(try await post(json, "application/json").places() == ["#/id", "#/timestamp"])
    let response = try await post(json, "application/json", query: "drop=timestamp,id")
    #expect(response.status == .created && response.fields[.location] == "/events/evt_001")
    let form = "type=info&source=s&message=m&id=evt_009"
    let type = "application/x-www-form-urlencoded"
    #expect(try await post(form, type).status == .unprocessableContent)
    #expect(try await post(form, type, query: "drop=id").status == .created)
  }
}
