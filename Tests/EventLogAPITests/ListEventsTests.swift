import EventLog
import Foundation
import HTTPCore
import HTTPTypes
import TestSupport
import Text
import Testing

/// Tests of `GET /events`.
struct ListEventsTests {
  @Test func isABareArrayOldestFirstWithFiveMembersEach() async throws {
    let response = try await APIUnderTest.withExamples().get("/events")
    #expect(response.fields[.contentType] == "application/json")
    let events = try await response.events()
    #expect(events.compactMap { $0["id"] as? String } == ["evt_001", "evt_002", "evt_003"])
    #expect(events.allSatisfy { Set($0.keys) == ["id", "timestamp", "type", "source", "message"] })
    #expect(events[0]["timestamp"] as? String == "2024-01-15T14:30:00.000Z")
    #expect(events[0]["message"] as? String == "User clicked submit button")
  }

  @Test func isAnEmptyArrayOfAnEmptyLog() async throws {
    #expect(try await APIUnderTest(store: MemoryEventStore()).get("/events").events().isEmpty)
  }

  @Test(arguments: [
    ("type=error", ["evt_003"]), ("type=error&type=system", ["evt_002", "evt_003"]), ("type=info", []),
    ("type=", ["evt_001", "evt_002", "evt_003"]), ("source=web_client", ["evt_001", "evt_003"]),
    ("q=FORM+fail", ["evt_003"]), ("q=backend", ["evt_002"]), ("user_id=u", []), ("tag=a&tag=b", []),
    ("since=2024-01-15T16:00:00%2B01:00", ["evt_002", "evt_003"]),
    ("since=2024-01-15T16:00:00+01:00&until=2024-01-15T15:05:00Z", ["evt_002"]),
    ("since=2024-01-15&until=2024-01-16", ["evt_001", "evt_002", "evt_003"]), ("until=2024-01-15", []),
    ("since=2w", []), ("until=24h", ["evt_001", "evt_002", "evt_003"]),
    ("since=1000w", ["evt_001", "evt_002", "evt_003"]),
    ("sort=type", ["evt_003", "evt_002", "evt_001"]),
    ("sort=source&order=desc", ["evt_003", "evt_001", "evt_002"]),
    ("order=desc", ["evt_003", "evt_002", "evt_001"]),
    ("limit=2", ["evt_001", "evt_002"]), ("limit=2&order=desc", ["evt_003", "evt_002"]),
  ])
  func filtersAndOrders(_ query: String, ids: [String]) async throws {
    #expect(try await APIUnderTest.withExamples().get("/events", query: query).ids() == ids)
  }

  @Test(arguments: [
    ("type=bad", ["type"]), ("limit=0&order=x", ["limit", "order"]), ("nothing=1", ["nothing"]),
    ("cursor=x", ["cursor"]), ("q=+", ["q"]), ("since=yesterday&until=2024-01", ["since", "until"]),
    ("sort=message", ["sort"]), ("source=a&source=b", ["source"]),
    ("limit=1&limit=2", ["limit"]),
  ])
  func answers422AndNamesTheParameter(_ query: String, names: [String]) async throws {
    let response = try await APIUnderTest.withExamples().get("/events", query: query)
    #expect(response.status == .unprocessableContent)
    #expect(response.fields[.contentType] == "application/problem+json")
    #expect(try await response.places() == names)
  }

  @Test func namesTheAllowedTypes() async throws {
    let response = try await APIUnderTest.withExamples().get("/events", query: "type=bad")
    let text = String(decoding: try await response.bytes(), as: UTF8.self)
    for type in EventType.allCases { #expect(text.contains(type.rawValue)) }
  }

  @Test(arguments: ["%", "a=%ff"])
  func answers400WhenTheQueryCannotBeDecoded(_ query: String) async throws {
    #expect(try await APIUnderTest.withExamples().get("/events", query: query).status == .badRequest)
  }

  @Test func answers406WhenSomethingElseIsWanted() async throws {
    let response = try await APIUnderTest.withExamples().respond(
      .get, "/events", fields: [.accept: "image/png"])
    #expect(response.status == .notAcceptable)
  }

  @Test func linksToEveryPageAndBack() async throws {
    let store = MemoryEventStore()
    try await store.append((1...7).map { .plain("\($0)") })
    let api = APIUnderTest(store: store)
    func follow(_ relation: String) async throws -> [[String]] {
      var pages: [[String]] = []
      var query: String? = relation == "next" ? "limit=3&type=info" : lastQuery
      while let current = query {
        let response = try await api.respond(.get, "/events", query: current, mount: "/log")
        pages.append(try await response.ids())
        let links = Self.links(response)
        #expect(links["first"] == "/log/events?type=info&sort=timestamp&order=asc&limit=3")
        if links["next"] == nil { lastQuery = current }
        query = links[relation]?.split(separator: "?").last.map(String.init)
      }
      return pages
    }
    var lastQuery = ""
    let forward = try await follow("next")
    #expect(forward == [["evt_001", "evt_002", "evt_003"], ["evt_004", "evt_005", "evt_006"], ["evt_007"]])
    #expect(try await follow("prev").reversed() == forward)
  }

  @Test func linksToPagesSinceTheMomentThatASpanStoodFor() async throws {
    let store = MemoryEventStore()
    try await store.append((1...3).map { .plain("\($0)") })
    let api = APIUnderTest(store: store)
    let before = Timestamp.now().milliseconds - 3_600_000
    let first = try await api.get("/events", query: "since=1h&limit=2")
    let query = try #require(Self.links(first)["next"]?.split(separator: "?").last.map(String.init))
    let since = try #require(try FormURLEncoded.decode(query.utf8).first { $0.name == "since" }?.value)
    let moment = try #require(Timestamp(rfc3339: since.string)?.milliseconds)
    #expect((before...before + 600_000).contains(moment))
    #expect(try await api.get("/events", query: query).ids() == ["evt_003"])
  }

  @Test(arguments: [
    // The encoded form of a character has up to twelve bytes.
    ("q=" + String(repeating: "%E4%B8%96", count: 444), 200),
    ("q=" + String(repeating: "%E4%B8%96", count: 445), 422),
    ((0..<20).map { "tag=\($0)" + String(repeating: "%C3%A9", count: 62) }.joined(separator: "&"), 422),
  ])
  func refusesAFilterThatNoLinkCanContain(_ query: String, status: Int) async throws {
    for path in ["/events", "/events.csv", "/events/histogram"] {
      let response = try await APIUnderTest.withExamples().get(path, query: query)
      #expect(response.status.code == status, "\(path)")
      if status == 422 { #expect(try await response.places() == [String(query.prefix { $0 != "=" })]) }
    }
  }

  /// A filter of the largest size, and a cursor at a source of the largest size.
  @Test(arguments: ["", "/a/mount/that/is/quite/long/for/the/address/of/a/log/behind/a/web/server"])
  func keepsEveryFieldBelow8000BytesAndTheNextPageInReach(_ mount: String) async throws {
    let source = String(repeating: "😀", count: 200)
    let tags = ["a", "b", "c", "d", "e"].map { $0 + String(repeating: "é", count: 43) }
    let store = MemoryEventStore()
    try await store.append(
      (1...4).map {
        EventDraft(
          storedType: .info, source: source, message: "\($0)", userID: nil, requestID: nil, tags: tags,
          data: nil, occurredAt: nil)
      })
    let filter: [(name: Text, value: Text)] = [("source", Text(source))] + tags.map { ("tag", Text($0)) }
    let api = APIUnderTest(store: store)
    #expect(FormURLEncoded.encode(filter).utf8.count > 3700)
    var query: String? = FormURLEncoded.encode(filter + [("sort", "source"), ("limit", "1")])
    var count = 0
    while let current = query {
      let response = try await api.respond(.get, "/events.ndjson", query: current, mount: mount)
      #expect(response.status == .ok)
      for field in response.fields { #expect(field.name.rawName.utf8.count + field.value.utf8.count < 8000) }
      let links = Self.links(response)
      #expect(links["service-desc"] != nil)
      count += try await response.bytes().count { $0 == UInt8(ascii: "\n") }
      query = links["next"]?.split(separator: "?").last.map(String.init)
    }
    #expect(count == 4)
  }

  @Test func linksToNoPagesWhenEverythingIsAskedFor() async throws {
    let links = Self.links(try await APIUnderTest.withExamples().get("/events"))
    #expect(links == ["service-desc": "/openapi.json", "service-doc": "/docs"])
  }

  @Test func streamsEverythingThatWasThereAtTheStart() async throws {
    let store = MemoryEventStore()
    let count = EventQuery.streamingPageSize * 3 + 1
    try await store.append((0..<count).map { .plain("number \($0) \"quoted\"") })
    let response = try await APIUnderTest(store: store).get("/events")
    guard case .stream = response.body else {
      Issue.record("the body is not streamed")
      return
    }
    try await store.append((0..<count).map { .plain("later \($0)") })
    let events = try await response.events()
    #expect(events.count == count)
    #expect(events.last?["message"] as? String == "number \(count - 1) \"quoted\"")
  }

  @Test func streamsALargePageInPartsToo() async throws {
    let store = MemoryEventStore()
    try await store.append((1...100).map { _ in .plain(String(repeating: "x", count: 60_000)) })
    let response = try await APIUnderTest(store: store).get("/events", query: "limit=90")
    #expect(response.fields[.link]?.contains("rel=\"next\"") == true)
    guard case .stream(let stream) = response.body else {
      Issue.record("the body is not streamed")
      return
    }
    let collector = BodyCollector()
    try await stream(collector)
    #expect(collector.all.count > 20 && collector.all.allSatisfy { $0.count < 200_000 })
    #expect(try JSONSerialization.jsonObject(with: Data(collector.all.joined())) is [Any])
    #expect(try await response.ids().count == 90)
  }

  @Test func streamsInPartsOfBoundedSize() async throws {
    let store = MemoryEventStore()
    let message = String(repeating: "x", count: 60_000)
    try await store.append((0..<600).map { _ in .plain(message) })
    guard case .stream(let stream) = try await APIUnderTest(store: store).get("/events").body else {
      Issue.record("the body is not streamed")
      return
    }
    let collector = BodyCollector()
    try await stream(collector)
    #expect(collector.all.allSatisfy { $0.count < 200_000 })
    #expect(collector.all.reduce(0) { $0 + $1.count } > 600 * message.utf8.count)
  }

  @Test func failsInTheMiddleOfAStreamWhenTheStoreDoes() async throws {
    let store = FailsLaterStore()
    guard case .stream(let stream) = try await APIUnderTest(store: store).get("/events").body else {
      Issue.record("the body is not streamed")
      return
    }
    let collector = BodyCollector()
    let error = await #expect(throws: EventStoreError.self) { try await stream(collector) }
    #expect(error?.cause == "gone")
    #expect(collector.all.first?.starts(with: "[{\"id\":\"evt_001\"".utf8) == true)
  }

  private static func links(_ response: Response) -> [String: String] {
    let links = (response.fields[.link] ?? "").components(separatedBy: ", ")
    return Dictionary(
      uniqueKeysWithValues: links.compactMap { link in
        let parts = link.components(separatedBy: ">; rel=")
        return parts.count == 2 ? (parts[1].filter { $0 != "\"" }, String(parts[0].dropFirst())) : nil
      })
  }
}

/// A store that returns the first page of a long log, and fails after that.
private struct FailsLaterStore: WrappingStore {
  let log = MemoryEventStore()

  func page<Item: EventPageItem>(
    _ query: EventQuery, of item: Item.Type
  ) async throws(EventStoreError) -> EventPage<Item> {
    guard query.cursor == nil else { throw EventStoreError(.unavailable, cause: "gone") }
    let message = String(repeating: "x", count: 300)
    try await log.append((0...EventQuery.streamingPageSize).map { _ in .plain(message) })
    var query = query
    query.lastID = nil
    return try await log.page(query, of: item)
  }
}
