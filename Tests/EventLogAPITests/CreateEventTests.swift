import EventLog
import Foundation
import HTTPCore
import HTTPTypes
import TestSupport
import Testing

/// Tests of `POST /events`.
struct CreateEventTests {
  private static let plain = #"{"type":"info","source":"test","message":"hello"}"#

  @Test func answers201WithTheEventAndItsLocation() async throws {
    let api = try await APIUnderTest.withExamples()
    let response = try await api.post(Self.plain)
    #expect(response.status == .created)
    #expect(response.fields[.location] == "/events/evt_004")
    let event = try await response.object()
    #expect(Set(event.keys) == ["id", "timestamp", "type", "source", "message"])
    #expect(event["id"] as? String == "evt_004")
    #expect(try await api.get("/events/evt_004").bytes() == response.bytes())
  }

  @Test func keepsTheMount() async throws {
    let api = APIUnderTest(store: MemoryEventStore())
    let response = try await api.respond(
      .post, "/events", fields: [.contentType: "application/json"], body: Self.plain.utf8, mount: "/log")
    #expect(response.fields[.location] == "/log/events/evt_001")
  }

  @Test func writesEveryMemberInItsOrder() async throws {
    let response = try await APIUnderTest(store: MemoryEventStore()).post(
      #"""
      {"data":{"b":1.50,"a":[1e400]},"tags":["x","\u00fc"],"request_id":"r","user_id":"u",
       "message":"\"\n\ud83c\udf89","source":"s","type":"error"}
      """#)
    let text = String(decoding: try await response.bytes(), as: UTF8.self)
    #expect(text.hasPrefix(#"{"id":"evt_001","timestamp":""#))
    #expect(
      text.hasSuffix(
        #","type":"error","source":"s","message":"\"\n🎉","user_id":"u","request_id":"r","tags":["x","ü"],"#
          + #""data":{"b":1.50,"a":[1e400]}}"# + "\n"))
  }

  @Test func takesNullForAMemberThatMayBeLeftOut() async throws {
    let response = try await APIUnderTest(store: MemoryEventStore()).post(
      #"{"type":"info","source":"s","message":"m","user_id":null,"request_id":null,"tags":null,"data":null}"#)
    #expect(response.status == .created)
    #expect(try await response.object().count == 5)
  }

  @Test func keepsNamesAndLineEndingsInOneForm() async throws {
    let response = try await APIUnderTest(store: MemoryEventStore()).post(
      #"{"type":"info","source":"\u2003a b ","message":"x\r\n  at y\rz","user_id":"","request_id":"r ","tags":["t "]}"#
    )
    #expect(response.status == .created)
    let event = try await response.object()
    #expect(event["source"] as? String == "a b" && event["message"] as? String == "x\n  at y\nz")
    #expect(event["user_id"] == nil && event["request_id"] as? String == "r")
    #expect(event["tags"] as? [String] == ["t"])
  }

  @Test func takesAForm() async throws {
    let response = try await APIUnderTest(store: MemoryEventStore()).post(
      "type=error&source=a+b&message=%C3%BC%0D%0Ax&user_id=&tags=a,b&data=%7B%22x%22%3A1%7D",
      contentType: "application/x-www-form-urlencoded; charset=UTF-8")
    #expect(response.status == .created)
    let event = try await response.object()
    #expect(event["source"] as? String == "a b")
    #expect(event["message"] as? String == "ü\nx")
    #expect(event["tags"] as? [String] == ["a", "b"])
    #expect(event["user_id"] == nil)
  }

  @Test(arguments: [
    (#"{"type":"bad","source":"s","message":"m"}"#, ["#/type"]),
    (#"{}"#, ["#/type", "#/source", "#/message"]),
    (#"{"type":1,"source":null,"message":["m"]}"#, ["#/type", "#/source", "#/message"]),
    (#"{"type":"info","source":" ","message":""}"#, ["#/source", "#/message"]),
    (#"{"type":"info","source":"s","message":"m","user_id":" "}"#, ["#/user_id"]),
    (#"{"type":"info","source":"s","message":"m","tags":"a"}"#, ["#/tags"]),
    (#"{"type":"info","source":"s","message":"m","tags":["a",1]}"#, ["#/tags/1"]),
    (#"{"type":"info","source":"s","message":"m","data":[]}"#, ["#/data"]),
    (#"{"type":"info","source":"s","message":"m","id":"evt_9","level":3}"#, ["#/id", "#/level"]),
    (#"{"type":"info","source":"s\u0000","message":"m\u001b"}"#, ["#/source", "#/message"]),
    ("5", ["#", "#/type", "#/source", "#/message"]),
  ])
  func answers422AndNamesEachMember(_ body: String, pointers: [String]) async throws {
    let store = MemoryEventStore()
    let response = try await APIUnderTest(store: store).post(body)
    #expect(response.status == .unprocessableContent)
    #expect(try await response.places() == pointers)
    #expect(try await store.state().lastID == nil)
  }

  @Test(arguments: ["", "{", "{\"a\":1,\"a\":2}", "\u{FEFF}{}", "type=info"])
  func answers400WhenItIsNotJSON(_ body: String) async throws {
    let response = try await APIUnderTest(store: MemoryEventStore()).post(body)
    #expect(response.status == .badRequest)
    #expect(try await (response.object()["detail"] as? String)?.contains("byte") == true)
  }

  @Test(arguments: ["a=%", "message=%ff"])
  func answers400WhenTheFormCannotBeDecoded(_ body: String) async throws {
    let response = try await APIUnderTest(store: MemoryEventStore())
      .post(body, contentType: "application/x-www-form-urlencoded")
    #expect(response.status == .badRequest)
  }

  @Test(arguments: [
    nil, "", "text/plain", "application/json; charset=latin1", "nonsense", "multipart/form-data",
  ])
  func answers415WhenItCannotReadTheContentType(_ contentType: String?) async throws {
    let response = try await APIUnderTest(store: MemoryEventStore()).post(
      Self.plain, contentType: contentType)
    #expect(response.status == .unsupportedMediaType)
    #expect(
      response.fields[.accept]?.hasPrefix("application/json, application/x-www-form-urlencoded, text/csv")
        == true)
  }

  @Test func answers403ToAPageOfAnotherSite() async throws {
    let response = try await APIUnderTest(store: MemoryEventStore()).respond(
      .post, "/events", fields: [.contentType: "application/json", .secFetchSite: "cross-site"],
      body: Self.plain.utf8)
    #expect(response.status == .forbidden)
  }

  @Test(arguments: [
    (EventStoreError.Reason.full, 507), (.busy, 503), (.unavailable, 503), (.cancelled, 503),
  ])
  func tellsWhenTheStoreCannot(_ reason: EventStoreError.Reason, status: Int) async throws {
    let api = APIUnderTest(store: FailingStore(reason, cause: "secret cause"))
    let response = try await api.post(Self.plain)
    #expect(response.status.code == status)
    #expect(response.cause == (reason == .cancelled ? nil : "secret cause"))
    #expect(!String(decoding: try await response.bytes(), as: UTF8.self).contains("secret"))
  }
}
