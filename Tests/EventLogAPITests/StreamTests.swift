import EventLog
import HTTPCore
import HTTPTypes
import Synchronization
import TestSupport
import Testing
import Text

@testable import EventLogAPI

/// Tests of `GET /events/stream`.
@Suite(.timeLimit(.minutes(5)))
struct StreamTests {
  private let store = MemoryEventStore()

  /// A client that takes what it is sent, until it has enough.
  private final class Reader: BodyWriter {
    private let text = Mutex<[UInt8]>([])
    private let delay: Duration

    init(delay: Duration = .zero) {
      self.delay = delay
    }

    var string: String { text.withLock { String(decoding: $0, as: UTF8.self) } }

    /// The ids of what has data; the stream's begin has none.
    var ids: [String] {
      string.split(separator: "\n\n").map { $0.split(separator: "\n") }.flatMap { lines in
        zip(lines, lines.dropFirst()).filter { $0.0.hasPrefix("id: ") && $0.1.hasPrefix("data: ") }
          .map { String($0.0.dropFirst(4)) }
      }
    }

    func write(_ bytes: [UInt8]) async throws {
      if delay > .zero { try await Task.sleep(for: delay) }
      text.withLock { $0 += bytes }
    }
  }

  private func router(
    _ feed: EventFeed, _ limits: StreamLimits = StreamLimits()
  ) -> Router {
    Router(
      EventAPI(
        store: store, availability: Availability(store: store), version: "1",
        streams: EventAPI.Streams(feed, limits)
      ).routes)
  }

  private func request(_ query: String = "", fields: HTTPFields = [:], address: String? = nil) throws
    -> Request
  {
    let target = try #require(RequestTarget(mount: "", path: "/events/stream", query: query))
    return Request(target: target, fields: fields, clientAddress: address)
  }

  /// Starts a stream and returns what ends it.
  private func start(_ response: Response, _ reader: Reader) throws -> Task<Void, any Error> {
    guard case .stream(let stream) = response.body else { throw CancellationError() }
    return Task { try await stream(reader) }
  }

  @Test func sendsWhatIsThereAndWhatComes() async throws {
    let feed = EventFeed(store)
    let router = router(feed)
    try await store.append((1...1200).map { .plain("old \($0)", source: $0 % 2 == 0 ? "even" : "odd") })
    let (all, even, new) = (Reader(), Reader(), Reader())
    let tasks = [
      try start(await router.respond(to: try request("after=evt_1000")), all),
      try start(
        await router.respond(to: try request("source=even", fields: [.lastEventID: "evt_1100"])), even),
      try start(await router.respond(to: try request()), new),
    ]
    #expect(try await eventually { !new.string.isEmpty && all.ids.count == 200 })
    for number in 1201...1300 {
      try await store.append(.plain("new", source: number % 2 == 0 ? "even" : "odd"))
    }
    #expect(try await eventually { all.ids.count >= 300 && even.ids.count >= 100 && new.ids.count >= 100 })
    #expect(all.ids == (1001...1300).map { "evt_\($0)" })
    #expect(even.ids == (1101...1300).filter { $0 % 2 == 0 }.map { "evt_\($0)" })
    #expect(new.ids == (1201...1300).map { "evt_\($0)" })
    feed.close()
    for task in tasks { try await task.value }
  }

  /// Whoever comes at any moment, while others record, misses nothing and gets nothing twice.
  @Test func hasNoSeamBetweenWhatIsThereAndWhatComes() async throws {
    let feed = EventFeed(store)
    let router = router(feed)
    let writing = Task { [store] in
      for number in 0..<600 {
        try await store.append([EventDraft](repeating: .plain("\(number)"), count: number % 3 + 1))
        if number % 5 == 0 { try await Task.sleep(for: .milliseconds(1)) }
      }
    }
    var readers: [(Reader, Int64, Task<Void, any Error>)] = []
    for _ in 0..<40 {
      let last = try await store.state().lastID?.number ?? 0
      let after = Int64.random(in: 0...last)
      let reader = Reader()
      let query = after == 0 ? "after=evt_000" : "after=\(try #require(EventID(after)))"
      let task = try start(await router.respond(to: try request(query)), reader)
      readers.append((reader, after, task))
      try await Task.sleep(for: .milliseconds(5))
    }
    try await writing.value
    let last = try #require(try await store.state().lastID)
    for (reader, after, task) in readers {
      // Whoever came after the last event gets none.
      let wanted = (after..<last.number).compactMap { EventID($0 + 1)?.description }
      #expect(try await eventually { reader.ids.last == wanted.last })
      #expect(reader.ids == wanted)
      task.cancel()
    }
  }

  /// What the feed passed on before somebody came is sent from its memory.
  @Test func remembersWhatANewFollowerHasMissed() async throws {
    let feed = EventFeed(store)
    let key = FollowerGroup.Key(filter: .everything, format: .serverSentEvents)
    let (first, nothing) = try #require(feed.follow(key, after: nil, Reader()))
    #expect(nothing.isEmpty)
    try await store.append((1...3).map { .plain("\($0)") })
    #expect(try await !first.next().isEmpty)
    for (last, missing): (Int64, [Int64]) in [(0, [1, 2, 3]), (2, [3]), (3, []), (4, [])] {
      let followed = try #require(feed.follow(key, after: EventID(last), Reader()))
      #expect(followed.missing.map(\.event.id.number) == missing)
    }
    feed.close()
  }

  @Test func sendsOnlyWhatMatchesOfWhatItRemembers() async throws {
    let feed = EventFeed(store)
    let router = router(feed)
    let (all, even, upToDate) = (Reader(), Reader(), Reader())
    var tasks = [try start(await router.respond(to: try request("after=evt_000")), all)]
    try await store.append((1...10).map { .plain("\($0)", source: $0 % 2 == 0 ? "even" : "odd") })
    #expect(try await eventually { all.ids.count == 10 })
    tasks.append(try start(await router.respond(to: try request("source=even&after=evt_001")), even))
    // Who has the newest event has missed nothing, and the log did not begin anew.
    tasks.append(try start(await router.respond(to: try request("after=evt_010")), upToDate))
    #expect(try await eventually { even.ids.count >= 5 && !upToDate.string.isEmpty })
    #expect(even.ids == (1...5).map { EventID($0 * 2)?.description })
    #expect(!upToDate.string.contains("reset"))
    feed.close()
    for task in tasks { try await task.value }
  }

  /// A client that is cut off before any event has come goes on from there, and not from the end.
  @Test func saysFromWhereOnItIs() async throws {
    let feed = EventFeed(store)
    let router = router(feed)
    func begin(_ last: String?, _ reader: Reader) async throws -> Task<Void, any Error> {
      let fields: HTTPFields = last.map { [.lastEventID: $0] } ?? [:]
      return try start(await router.respond(to: try request(fields: fields)), reader)
    }
    let readers = (0..<4).map { _ in Reader() }
    var tasks = [try await begin(nil, readers[0])]
    #expect(try await eventually { readers[0].string == "retry: 1000\nid: evt_000\n\n" })
    try await store.append((1...3).map { .plain("\($0)") })
    tasks.append(try await begin("evt_000", readers[1]))
    #expect(try await eventually { readers[1].ids == ["evt_001", "evt_002", "evt_003"] })
    #expect(readers[1].string.hasPrefix("retry: 1000\nid: evt_000\n\n"))
    tasks.append(try await begin(nil, readers[2]))
    #expect(try await eventually { readers[2].string == "retry: 1000\nid: evt_003\n\n" })
    tasks.append(try await begin("evt_001", readers[3]))
    #expect(try await eventually { readers[3].ids == ["evt_002", "evt_003"] })
    #expect(readers[3].string.hasPrefix("retry: 1000\nid: evt_001\n\n"))
    let reader = Reader()
    tasks.append(try start(await router.respond(to: try request("after=evt_000")), reader))
    #expect(try await eventually { reader.ids == ["evt_001", "evt_002", "evt_003"] })
    feed.close()
    for task in tasks { try await task.value }
  }

  /// An empty log has not given any id, either.
  @Test func saysThatTheLogBeganAnewAlsoWhenItIsEmpty() async throws {
    let feed = EventFeed(store)
    let reader = Reader()
    let task = try start(await router(feed).respond(to: try request("after=evt_500")), reader)
    #expect(try await eventually { reader.string.contains("event: reset\nid: evt_000\n") })
    try await store.append(.plain())
    #expect(try await eventually { reader.ids == ["evt_000", "evt_001"] })
    feed.close()
    try await task.value
  }

  @Test func letsThoseReadWhoHaveMissedMoreThanItRemembers() async throws {
    let feed = EventFeed(store)
    let key = FollowerGroup.Key(filter: .everything, format: .serverSentEvents)
    try await store.append((1...3000).map { .plain("\($0)") })
    _ = try #require(feed.follow(key, after: EventID(3000), Reader()))
    #expect(feed.follow(key, after: EventID(1999), Reader()) == nil)
    #expect(feed.follow(key, after: nil, Reader()) == nil)
    #expect(feed.follow(key, after: EventID(2000), Reader()) != nil)
    let reader = Reader()
    let task = try start(await router(feed).respond(to: try request("after=evt_001")), reader)
    #expect(try await eventually { reader.ids.last == "evt_3000" })
    #expect(reader.ids == (2...3000).compactMap { EventID($0)?.description })
    feed.close()
    try await task.value
  }

  @Test func saysThatTheLogBeganAnew() async throws {
    try await store.append(.plain())
    let feed = EventFeed(store)
    let reader = Reader()
    let task = try start(await router(feed).respond(to: try request("after=evt_500")), reader)
    #expect(try await eventually { reader.string.contains("event: reset\nid: evt_001\n") })
    try await store.append(.plain())
    #expect(try await eventually { reader.ids == ["evt_001", "evt_002"] })
    feed.close()
    try await task.value
  }

  @Test func sendsSignsOfLife() async throws {
    let feed = EventFeed(store, heartbeat: .milliseconds(5))
    let (sse, ndjson) = (Reader(), Reader())
    let router = router(feed)
    let tasks = [
      try start(await router.respond(to: try request()), sse),
      try start(
        await router.respond(to: try request(fields: [.accept: "application/x-ndjson"])), ndjson),
    ]
    #expect(try await eventually { sse.string.contains(":\n\n:\n\n") && ndjson.string.hasPrefix("\n\n\n") })
    feed.close()
    for task in tasks { try await task.value }
  }

  @Test func isOnTwoKindsOfLines() async throws {
    let feed = EventFeed(store)
    let response = await router(feed).respond(to: try request(fields: [.accept: "*/*"]))
    #expect(response.fields[.contentType] == "text/event-stream" && response.fields[.accelBuffering] == "no")
    #expect(response.lastsAsLongAsItsClient)
    let ndjson = await router(feed).respond(to: try request(fields: [.accept: "application/x-ndjson"]))
    #expect(ndjson.fields[.contentType] == "application/x-ndjson" && ndjson.fields[.accelBuffering] == "no")
    let (first, second) = (Reader(), Reader())
    let tasks = [try start(response, first), try start(ndjson, second)]
    #expect(try await eventually { !first.string.isEmpty && !second.string.isEmpty })
    let event = try await store.append(.plain("a\nb\u{2028}c"))
    let line = String(decoding: EventJSON(event, by: .timestamp).text, as: UTF8.self)
    #expect(
      try await eventually { first.string == "retry: 1000\nid: evt_000\n\nid: evt_001\ndata: \(line)\n\n" })
    #expect(try await eventually { second.string == "\n\(line)\n" })
    feed.close()
    for task in tasks { try await task.value }
  }

  @Test(arguments: ["sort=type", "order=desc", "limit=5", "cursor=x", "q=", "type=odd", "after=5"])
  func refusesWhatAStreamHasNot(_ query: String) async throws {
    let response = await router(EventFeed(store)).respond(to: try request(query))
    #expect(response.status == (query == "q=" ? .ok : .unprocessableContent))
  }

  @Test func refusesAnIDThatIsNone() async throws {
    let response = await router(EventFeed(store)).respond(to: try request(fields: [.lastEventID: "x"]))
    #expect(response.status == .badRequest)
  }

  @Test func hasLimits() async throws {
    let limits = StreamLimits(maximum: 7, maximumPerClient: 2)
    let router = router(EventFeed(store), limits)
    var streams: [Response] = []
    for (address, isTaken): (String?, Bool) in [
      ("192.0.2.1", true), ("192.0.2.1", true), ("192.0.2.1", false), ("192.0.2.2", true),
      ("127.0.0.1", true), ("127.0.0.1", true), ("127.0.0.1", true),
      ("::1", true), (nil, false),
    ] {
      let response = await router.respond(to: try request(address: address))
      #expect((response.status == .ok) == isTaken)
      if isTaken { streams.append(response) } else { #expect(response.fields[.retryAfter] != nil) }
    }
    #expect(limits.count == 7)
    streams.removeAll()
    #expect(limits.count == 0)
    #expect(await router.respond(to: try request(address: "192.0.2.1")).status == .ok)
  }

  @Test func needsAProcessThatAnswersMoreThanOneRequest() async throws {
    let api = EventAPI(store: store, availability: Availability(store: store), version: "1")
    #expect(await Router(api.routes).respond(to: try request()).status == .notImplemented)
  }

  /// While nobody follows, nothing is read.
  @Test func readsTheLogOnceForAll() async throws {
    let counting = CountingStore()
    let feed = EventFeed(counting)
    let key = FollowerGroup.Key(filter: .everything, format: .ndjson)
    let followers = try (0..<50).map { _ in try #require(feed.follow(key, after: nil, Reader())).follower }
    #expect(try await eventually { counting.count == 1 })
    try await counting.append(.plain())
    for follower in followers { #expect(try await follower.next().isEmpty == false) }
    #expect(try await eventually { counting.count >= 2 })
    #expect(counting.count <= 4)
    for follower in followers { feed.leave(key, follower) }
    let count = counting.count
    try await counting.append(.plain())
    try await Task.sleep(for: .milliseconds(20))
    #expect(counting.count <= count + 1)
  }

  private final class CountingStore: WrappingStore {
    let log = MemoryEventStore()
    private let pages = Mutex(0)

    var count: Int { pages.withLock(\.self) }

    func page<Item: EventPageItem>(
      _ query: EventQuery, of item: Item.Type
    ) async throws(EventStoreError) -> EventPage<Item> {
      pages.withLock { $0 += 1 }
      return try await log.page(query, of: item)
    }
  }
}
