import EventLog
import HTTPCore
import HTTPTypes
import TestSupport
import Testing
import Text

@testable import EventLogAPI

/// Tests of streams at the places where one thing ends and another begins.
@Suite(.timeLimit(.minutes(5)))
struct EventFeedTests {
  private let store = MemoryEventStore()

  private func router(
    _ feed: EventFeed, _ limits: StreamLimits = StreamLimits(),
    for authenticator: any Authenticator = OpenAccess()
  ) -> Router {
    let api = EventAPI(
      store: store, availability: Availability(store: store), version: "1",
      streams: EventAPI.Streams(feed, limits))
    return Router(api.routes, authenticator: authenticator)
  }

  private func ask(
    _ router: Router, _ query: String = "", fields: HTTPFields = [:], address: String? = nil
  ) async throws -> Response {
    let target = try #require(RequestTarget(path: "/events/stream", query: query))
    return await router.respond(to: Request(target: target, fields: fields, clientAddress: address))
  }

  /// Starts a stream.
  ///
  /// - Returns: what it is sent, and the task that sends it.
  private func start(_ response: Response) throws -> (text: () -> String, task: Task<Void, any Error>) {
    guard case .stream(let stream) = response.body else { throw CancellationError() }
    let collector = BodyCollector()
    let task = Task { try await stream(collector) }
    return ({ String(decoding: collector.all.joined(), as: UTF8.self) }, task)
  }

  /// The ids of the events in the text of a stream.
  private func ids(_ text: String) -> [String] {
    text.matches(of: #/id: (evt_[0-9]+)\ndata: /#).map { String($0.1) }
  }

  /// Each stream has its turn, whatever its number.
  @Test func sendsSignsOfLifeToEveryStream() async throws {
    let feed = EventFeed(store, heartbeat: .milliseconds(64))
    let router = router(feed)
    var streams: [(text: () -> String, task: Task<Void, any Error>)] = []
    for _ in 0..<128 { streams.append(try start(await ask(router))) }
    #expect(try await eventually { streams.allSatisfy { $0.text().hasSuffix("\n\n:\n\n") } })
    feed.close()
    for (_, task) in streams { try await task.value }
  }

  /// A stream that begins while the process ends would otherwise keep it from ending.
  @Test func endsAStreamThatBeginsAfterItsOwnEnd() async throws {
    let feed = EventFeed(store)
    feed.close()
    let (text, task) = try start(await ask(router(feed)))
    try await task.value
    #expect(text() == "retry: 1000\nid: evt_000\n\n")
  }

  @Test func freesThePlaceOfAStreamAndNotThoseOfItsClient() async throws {
    let router = router(EventFeed(store), StreamLimits(maximum: 5, maximumPerClient: 2))
    var streams: [Response] = []
    for _ in 0..<2 { streams.append(try await ask(router, address: "192.0.2.1")) }
    streams.removeLast()
    streams.append(try await ask(router, address: "192.0.2.1"))
    #expect(streams.allSatisfy { $0.status == .ok })
    #expect(try await ask(router, address: "192.0.2.1").status == .serviceUnavailable)
  }

  /// A browser connects again to the same address, and what it has is newer than that.
  @Test func goesOnAfterTheLastEventIDAndNotAfterTheAddress() async throws {
    let feed = EventFeed(store)
    try await store.append((1...5).map { .plain("\($0)") })
    let (text, task) = try start(
      await ask(router(feed), "after=evt_001", fields: [.lastEventID: "evt_003"]))
    #expect(try await eventually { ids(text()).last == "evt_005" })
    #expect(ids(text()) == ["evt_004", "evt_005"])
    feed.close()
    try await task.value
  }

  /// What is recorded between two pages of what a client has missed comes when it has read these.
  @Test func missesNothingThatIsRecordedBetweenTwoPages() async throws {
    try await store.append((1...3000).map { .plain("\($0)") })
    let feed = EventFeed(GrowingStore(log: store))
    let (text, task) = try start(await ask(router(feed), "after=evt_001"))
    #expect(try await eventually { ids(text()).count >= 3000 })
    let last = try await store.append(.plain()).id
    #expect(try await eventually { ids(text()).last == last.description })
    #expect(ids(text()) == (2...last.number).compactMap { EventID($0)?.description })
    feed.close()
    try await task.value
  }

  /// A log in which something is recorded before each page but the first.
  private struct GrowingStore: WrappingStore {
    let log: MemoryEventStore

    func page<Item: EventPageItem>(
      _ query: EventQuery, of item: Item.Type
    ) async throws(EventStoreError) -> EventPage<Item> {
      if query.cursor != nil { _ = try await log.append(.plain()) }
      return try await log.page(query, of: item)
    }
  }

  /// What is there already and what comes end at the source of the visitor's key, even for who asks for another.
  @Test func sendsOnlyWhatTheVisitorMayRead() async throws {
    let feed = EventFeed(store)
    let router = router(feed, for: OnlyShop())
    try await store.append([.plain(source: "shop"), .plain(source: "hr"), .plain(source: "shop")])
    let all = try start(await ask(router, "after=evt_000"))
    let other = try start(await ask(router, "after=evt_000&source=hr"))
    #expect(try await eventually { ids(all.text()).last == "evt_003" && !other.text().isEmpty })
    try await store.append([.plain(source: "hr"), .plain(source: "shop")])
    #expect(try await eventually { ids(all.text()).last == "evt_005" })
    #expect(ids(all.text()) == ["evt_001", "evt_003", "evt_005"] && ids(other.text()).isEmpty)
    feed.close()
    for task in [all.task, other.task] { try await task.value }
  }

  /// Everybody has a key that is pinned to one source.
  private struct OnlyShop: Authenticator {
    let tellsVisitorsApart = true

    func visitor(of request: Request, isNew: Bool) async throws(ProblemDetails) -> Visitor {
      Visitor(name: "till", roles: [.read], scope: "shop", by: .key)
    }

    func confirm(_ request: Request) throws(ProblemDetails) {}

    func refusal(of visitor: Visitor, lacking role: Role) -> ProblemDetails {
      ProblemDetails(.forbidden, detail: role.rawValue)
    }
  }
}
