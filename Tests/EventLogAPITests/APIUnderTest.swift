import EventLog
import EventLogAPI
import EventLogAccess
import Foundation
import HTTPCore
import HTTPTypes
import Synchronization
import Testing
import Text

/// The API over a store, called as a web server would call it.
struct APIUnderTest {
  let router: Router
  let availability: Availability

  init(store: any EventStore, views: any ViewStore = MemoryViewStore()) {
    availability = Availability(store: store)
    let limits = StreamLimits()
    router = Router(
      EventAPI(
        store: store, availability: availability, version: "1.2.3",
        streams: EventAPI.Streams(EventFeed(store, meter: limits.meter), limits)
      ).routes + ViewsAPI(SavedViews(views, access: nil)).routes)
  }

  /// Returns the API over a log with the three examples, and a view.
  static func withExamples() async throws -> APIUnderTest {
    let store = MemoryEventStore()
    _ = try await store.restore(Event.examples, after: nil)
    let views = MemoryViewStore()
    _ = try await views.saveView(
      try SavedView(name: try ViewName("declined"), query: "declined"), for: .everybody)
    return APIUnderTest(store: store, views: views)
  }

  func respond(
    _ method: HTTPRequest.Method, _ path: String, query: String = "", fields: HTTPFields = [:],
    body: some Sequence<UInt8> = [], mount: String = ""
  ) async throws -> Response {
    let target = try #require(RequestTarget(mount: mount, path: path, query: query))
    return await router.respond(
      to: Request(method: method, target: target, fields: fields, body: Array(body)))
  }

  func get(_ path: String, query: String = "") async throws -> Response {
    try await respond(.get, path, query: query)
  }

  func post(_ body: String, contentType: String? = "application/json") async throws -> Response {
    var fields = HTTPFields()
    fields[.contentType] = contentType
    return try await respond(.post, "/events", fields: fields, body: body.utf8)
  }
}

/// A body writer that keeps what is written to it.
final class BodyCollector: BodyWriter {
  private let parts = Mutex<[[UInt8]]>([])

  var all: [[UInt8]] { parts.withLock(\.self) }

  func write(_ bytes: [UInt8]) async throws {
    parts.withLock { $0.append(bytes) }
  }
}

extension Response {
  /// Returns the whole body, streamed or not.
  func bytes() async throws -> [UInt8] {
    switch body {
    case .bytes(let bytes): return bytes
    case .omitted: return []
    case .stream(let stream):
      let collector = BodyCollector()
      try await stream(collector)
      return collector.all.flatMap(\.self)
    }
  }

  func events() async throws -> [[String: Any]] {
    try #require(JSONSerialization.jsonObject(with: Data(try await bytes())) as? [[String: Any]])
  }

  func ids() async throws -> [String] {
    try await events().compactMap { $0["id"] as? String }
  }

  func object() async throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(try await bytes())) as? [String: Any])
  }

  /// Returns the places that a problem names.
  func places() async throws -> [String] {
    let errors = try await object()["errors"] as? [[String: Any]] ?? []
    return errors.compactMap { ($0["pointer"] ?? $0["parameter"]) as? String }
  }
}
