import EventLog
import EventLogAccess
import EventLogAPI
import EventLogWeb
import HTTPCore
import HTTPTypes
import TestSupport
import Testing
import Text

/// The pages on top of a store, called as a browser would call them.
struct PagesUnderTest {
  let router: Router

  /// - Parameters:
  ///   - store: the log.
  ///   - histogramTimeout: how long a list waits for its histogram.
  init(store: any EventStore, histogramTimeout: Duration = patience) {
    let pages = HTMLPages(
      store: store, views: SavedViews(MemoryViewStore(), access: nil),
      availability: Availability(store: store), version: "1.2.3", storeName: "memory",
      hasStreams: true,
      histogramTimeout: histogramTimeout, now: { Timestamp(milliseconds: 1_705_329_000_000) })
    router = Router(pages.routes, problemPage: pages.problemPage)
  }

  /// Returns a response with its whole body, even where it is sent in parts.
  func get(_ query: String = "", path: String = "/", fields: HTTPFields = [:], mount: String = "")
    async throws
    -> Response
  {
    var response = try await send(query, path: path, fields: fields, mount: mount)
    if case .stream(let stream) = response.body {
      let parts = BodyParts()
      try await stream(parts)
      response.body = .bytes(await parts.all.flatMap(\.self))
    }
    return response
  }

  /// Returns a response as it is sent.
  func send(
    _ query: String = "", path: String = "/", fields: HTTPFields = [:], mount: String = ""
  ) async throws -> Response {
    let target = try #require(RequestTarget(mount: mount, path: path, query: query))
    return await router.respond(to: Request(target: target, fields: fields))
  }

  func submit(
    _ form: [(name: String, value: String)], fields: HTTPFields = [:], mount: String = ""
  ) async throws -> Response {
    try await submit(
      body: FormURLEncoded.encode(form.map { (Text($0.name), Text($0.value)) }), fields: fields, mount: mount)
  }

  func submit(
    body: String, contentType: String = "application/x-www-form-urlencoded", fields: HTTPFields = [:],
    mount: String = ""
  ) async throws -> Response {
    var fields = fields
    fields[.contentType] = contentType
    fields[.accept] = "text/html,application/xhtml+xml,*/*;q=0.8"
    let target = try #require(RequestTarget(mount: mount, path: "/events"))
    return await router.respond(
      to: Request(method: .post, target: target, fields: fields, body: Array(body.utf8)))
  }
}

/// A body writer that keeps what is written to it.
actor BodyParts: BodyWriter {
  private(set) var all: [[UInt8]] = []

  func write(_ bytes: [UInt8]) {
    all.append(bytes)
  }
}

/// A log whose histogram takes as long as anyone waits for it.
struct SlowHistogramStore: WrappingStore {
  let log: MemoryEventStore

  func histogram(_ query: HistogramQuery) async throws(HistogramError) -> EventHistogram {
    try? await Task.sleep(for: .seconds(3600))
    throw .store(EventStoreError(.cancelled, cause: "nobody waits any more"))
  }
}

extension Response {
  var html: String { text }

  /// The ids in the rows of the table.
  var ids: [Substring] {
    html.matches(of: /<td class="id"><a href="[^"]*">(evt_\d+)<\/a>/).map(\.output.1)
  }
}
