import EventLog
import EventLogAPI
import HTTPCore
import HTTPTypes
import TestSupport
import Testing

/// Tests of the field `Idempotency-Key`.
struct IdempotencyKeyTests {
  private static let event = #"{"type":"info","source":"s","message":"m"}"#
  private let store = MemoryEventStore()

  private func post(
    _ body: String, _ contentType: String = "application/json", key: String, query: String = ""
  ) async throws -> Response {
    try await APIUnderTest(store: store).respond(
      .post, "/events", query: query, fields: [.contentType: contentType, .idempotencyKey: key],
      body: body.utf8)
  }

  private func count() async throws -> Int { try await store.page(EventQuery()).events.count }

  @Test func givesTheSameAnswerAgain() async throws {
    for (body, type) in [
      (Self.event, "application/json"), ("type=info&source=s&message=m", "application/x-www-form-urlencoded"),
      ("\(Self.event)\n\(Self.event)\n", "application/x-ndjson"),
    ] {
      let answers = try await [post(body, type, key: type), post(body, type, key: type)]
      #expect(answers.allSatisfy { $0.status == .created })
      #expect(answers[0].fields == answers[1].fields)
      #expect(try await answers[0].bytes() == answers[1].bytes())
    }
    #expect(try await count() == 4)
  }

  /// The quotes of the draft make no difference.
  @Test(arguments: [("a-b", #""a-b""#), (#""a\"b\\""#, #""a\"b\\""#), ("a b", #""a b""#)])
  func isTheSameWithAndWithoutQuotes(_ first: String, _ second: String) async throws {
    for key in [first, " \(second) "] { #expect(try await post(Self.event, key: key).status == .created) }
    #expect(try await count() == 1)
  }

  @Test(arguments: [
    "", "\"", "\"\"", "\"a", "a\"", "\"a\"b", #""a\b""#, #""a\"#, String(repeating: "k", count: 256),
  ])
  func isRefusedWithWrongQuotesOrSize(_ key: String) async throws {
    #expect(try await post(Self.event, key: key).status == .badRequest)
    #expect(try await count() == 0)
  }

  @Test func isRefusedForAnythingElse() async throws {
    #expect(try await post(Self.event, key: "k").status == .created)
    for (body, type, query) in [
      (Self.event + " ", "application/json", ""), (Self.event, "application/x-ndjson", ""),
      (Self.event, "application/json", "drop=id"),
    ] {
      let response = try await post(body, type, key: "k", query: query)
      #expect(response.status == .unprocessableContent)
      #expect(try await response.object()["type"] as? String == "/docs#problem-idempotency-key-used")
    }
    #expect(try await count() == 1)
  }

  @Test func isNotUsedUpByARequestThatFails() async throws {
    #expect(try await post("{}", key: "k").status == .unprocessableContent)
    #expect(try await post("{", key: "k").status == .badRequest)
    #expect(try await post(Self.event, key: "k").status == .created)
  }

  @Test func hasOneValue() async throws {
    var fields: HTTPFields = [.contentType: "application/json"]
    fields[values: .idempotencyKey] = ["a", "b"]
    let response = try await APIUnderTest(store: store).respond(
      .post, "/events", fields: fields, body: Self.event.utf8)
    #expect(response.status == .badRequest)
  }

  /// The key of a form stands for one content: what people have changed is another event.
  @Test func isAFieldOfAForm() async throws {
    for message in ["m", "m", "n", "m"] {
      let body = "type=info&source=s&message=\(message)&idempotency_key=k"
      let response = try await APIUnderTest(store: store).respond(
        .post, "/events", fields: [.contentType: "application/x-www-form-urlencoded"], body: body.utf8)
      #expect(response.status == .created)
      #expect(try await response.object()["id"] as? String == (message == "m" ? "evt_001" : "evt_002"))
    }
  }

  @Test func answers409WhileTheSameIsUnderWay() async throws {
    let response = try await APIUnderTest(store: FailingStore(.underWay)).respond(
      .post, "/events", fields: [.contentType: "application/json", .idempotencyKey: "k"],
      body: Self.event.utf8)
    #expect(response.status == .conflict && response.fields[.retryAfter] == "1")
  }
}
