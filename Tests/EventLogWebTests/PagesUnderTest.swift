import EventLog
import EventLogAPI
import EventLogWeb
import HTTPCore
import HTTPTypes
import Testing

/// The pages on top of a store, called as a browser would call them.
struct PagesUnderTest {
  private let router: Router

  init(store: any EventStore) {
    let pages = HTMLPages(
      store: store, availability: Availability(store: store), version: "1.2.3", storeName: "memory",
      now: { Timestamp(milliseconds: 1_705_329_000_000) })
    router = Router(pages.routes, problemPage: pages.problemPage)
  }

  func get(_ query: String = "", path: String = "/", fields: HTTPFields = [:], mount: String = "")
    async throws
    -> Response
  {
    let target = try #require(RequestTarget(mount: mount, path: path, query: query))
    return await router.respond(to: Request(target: target, fields: fields))
  }

  func submit(
    _ form: [(name: String, value: String)], fields: HTTPFields = [:], mount: String = ""
  ) async throws -> Response {
    try await submit(body: FormURLEncoded.encode(form), fields: fields, mount: mount)
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

/// A store in which everything fails.
struct FailingStore: EventStore {
  private let error = EventStoreError(.unavailable, cause: "secret cause")

  func append(_ drafts: [EventDraft]) async throws(EventStoreError) -> [Event] { throw error }
  func page<Item: EventPageItem>(
    _ query: EventQuery, of item: Item.Type
  ) async throws(EventStoreError) -> EventPage<Item> { throw error }
  func event(_ id: EventID) async throws(EventStoreError) -> Event? { throw error }
  func state() async throws(EventStoreError) -> LogState { throw error }
  func restore(_ events: [Event], after lastID: EventID?) async throws(EventStoreError) -> Bool {
    throw error
  }
  func statistics() async throws(EventStoreError) -> StoreStatistics { throw error }
  func histogram(_ query: HistogramQuery) async throws(HistogramError) -> EventHistogram {
    throw .store(error)
  }
}

/// A log whose histogram takes as long as anyone waits for it.
struct SlowHistogramStore: EventStore {
  let log: MemoryEventStore

  func append(_ drafts: [EventDraft]) async throws(EventStoreError) -> [Event] {
    try await log.append(drafts)
  }
  func page<Item: EventPageItem>(
    _ query: EventQuery, of item: Item.Type
  ) async throws(EventStoreError) -> EventPage<Item> {
    try await log.page(query, of: item)
  }
  func event(_ id: EventID) async throws(EventStoreError) -> Event? { try await log.event(id) }
  func state() async throws(EventStoreError) -> LogState { try await log.state() }
  func restore(_ events: [Event], after lastID: EventID?) async throws(EventStoreError) -> Bool {
    try await log.restore(events, after: lastID)
  }
  func statistics() async throws(EventStoreError) -> StoreStatistics { try await log.statistics() }
  func histogram(_ query: HistogramQuery) async throws(HistogramError) -> EventHistogram {
    try? await Task.sleep(for: .seconds(3600))
    throw .store(EventStoreError(.cancelled, cause: "nobody waits any more"))
  }
}

extension Response {
  var html: String {
    if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" }
  }

  /// The ids in the rows of the table.
  var ids: [Substring] {
    html.matches(of: /<td class="id"><a href="[^"]*">(evt_\d+)<\/a>/).map(\.output.1)
  }
}
