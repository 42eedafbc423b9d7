import EventLog
import JSON
import Synchronization
import TestSupport
import Testing
import Text

/// These tests check the contract of `EventStore` on every store.
@Suite(.timeLimit(.minutes(5)))
struct EventStoreTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(arguments: StoreKind.allCases)
  func keepsEveryMember(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    let event = try await store.append(try EventDraft.full())
    #expect(try await store.event(event.id) == event)
    #expect(try await store.page(EventQuery()).events == [event])
    let texts = try await store.page(EventQuery(), of: EventJSON.self).events
    #expect(texts == [EventJSON(event, by: .timestamp)])
  }

  @Test(arguments: StoreKind.allCases)
  func givesIDsFromOneInTheOrderOfDrafts(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    let events = try await store.append([.plain("a"), .plain("b")])
    let later = try await store.append(.plain("c"))
    #expect((events + [later]).map(\.id.description) == ["evt_001", "evt_002", "evt_003"])
    #expect((events + [later]).map(\.draft.message) == ["a", "b", "c"])
  }

  @Test(arguments: StoreKind.allCases)
  func appendsNothingWhenThereIsNothing(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    #expect(try await store.append([]).isEmpty)
    #expect(try await store.state().lastID == nil)
  }

  @Test(arguments: StoreKind.allCases)
  func takesTheTimestampFromTheClock(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder, now: { Timestamp(milliseconds: 1_705_329_000_123) })
    let event = try await store.append(.plain())
    #expect(event.timestamp.description == "2024-01-15T14:30:00.123Z")
    #expect(try await store.event(event.id) == event)
  }

  @Test(arguments: StoreKind.allCases)
  func keepsEveryMemberAsItWasGiven(_ kind: StoreKind) async throws {
    let hostile = "'\"; DROP TABLE event; -- <b>&amp;</b> {{x}} % _ \\ \u{202E}عربي 🎉 e\u{301}"
    let long = String(repeating: "ü\n\t", count: 16_384)
    let draft = EventDraft(
      storedType: .userAction, source: hostile, message: long, userID: hostile, requestID: "r",
      tags: [hostile, "b,c", "\""], data: try EventData(parsing: #"{"x":1.50,"y":[1e400,{"z":null}]}"#),
      occurredAt: nil)
    let store = try kind.makeStore(in: folder)
    let event = try await store.append(draft)
    #expect(event.draft == draft)
    #expect(try await store.event(event.id)?.draft == draft)
    #expect(try await store.page(EventQuery()).events.map(\.draft) == [draft])
  }

  @Test(arguments: StoreKind.allCases)
  func findsNoEventThatIsNotThere(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    try await store.append(.plain())
    #expect(try await store.event(#require(EventID(2))) == nil)
    #expect(try await store.event(#require(EventID(999_999_999_999_999_999))) == nil)
  }

  @Test(arguments: StoreKind.allCases)
  func tellsTheLastID(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    #expect(try await store.state().lastID == nil)
    try await store.append([.plain(), .plain()])
    #expect(try await store.state().lastID == EventID(2))
  }

  @Test(arguments: StoreKind.allCases)
  func pagesMissAndRepeatNothingWhileOthersAppend(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    let before = try await store.append((0..<300).map { .plain("\($0)") })
    for sort in EventQuery.Sort.allCases {
      for order in EventQuery.Order.allCases {
        let appending = Task {
          for number in 0..<200 {
            _ = try await store.append(.plain("later \(number)", source: "source \(number % 3)"))
          }
        }
        var query = EventQuery(order: order, limit: 7)
        query.sort = sort
        let seen = try await store.pages(from: query).flatMap(\.self)
        try await appending.value
        #expect(Set(before.map(\.id)).isSubset(of: seen.map(\.id)))
        #expect(Set(seen.map(\.id)).count == seen.count)
        let positions = seen.map { EventPosition(of: $0, by: sort) }
        #expect(positions == (order == .ascending ? positions.sorted() : positions.sorted(by: >)))
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func considersNothingBeyondTheLastIDOfAQuery(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    try await store.append([.plain(type: .error), .plain(), .plain(type: .error)])
    for types: Set<EventType> in [[], [.error], [.error, .info]] {
      for order in EventQuery.Order.allCases {
        var query = EventQuery(types: types, order: order, limit: 10)
        query.lastID = EventID(2)
        let ids = try await store.page(query).events.map(\.id.number)
        let wanted: [Int64] = types == [.error] ? [1] : [1, 2]
        #expect(ids == (order == .ascending ? wanted : wanted.reversed()))
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func findsNothingFromBeyondTheLastIDOfAQuery(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    try await store.append([.plain(), .plain(), .plain()])
    var query = EventQuery(
      limit: 10, cursor: EventCursor(.next, of: EventPosition(key: nil, id: try #require(EventID(2)))))
    query.lastID = EventID(1)
    #expect(try await store.page(query).events.isEmpty)
  }

  @Test(arguments: StoreKind.allCases, EventQuery.Sort.allCases)
  func answersACursorAtTheLastIDThereCanBe(_ kind: StoreKind, sort: EventQuery.Sort) async throws {
    let store = try kind.makeStore(in: folder)
    try await store.append(.plain())
    for order in EventQuery.Order.allCases {
      for direction in [EventCursor.Direction.next, .previous] {
        let position = EventPosition(key: "zz", id: try #require(EventID(999_999_999_999_999_999)))
        var query = EventQuery(order: order, limit: 5, cursor: EventCursor(direction, of: position))
        query.sort = sort
        // The log lies before the cursor in ascending order, and after it in descending order.
        let isBehind = (order == .ascending) == (direction == .next)
        #expect(try await store.page(query).events.count == (isBehind ? 0 : 1))
      }
    }
    #expect(EventID(1_000_000_000_000_000_000) == nil)
  }

  @Test(arguments: StoreKind.allCases)
  func givesDistinctConsecutiveIDsToConcurrentAppends(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    let numbers = try await withThrowingTaskGroup(of: [Int64].self) { group in
      for _ in 0..<64 {
        group.addTask { try await store.append([.plain(), .plain(), .plain()]).map(\.id.number) }
      }
      return try await group.reduce(into: [[Int64]]()) { $0.append($1) }
    }
    #expect(numbers.allSatisfy { $0 == Array($0[0]..<$0[0] + 3) })
    #expect(numbers.flatMap(\.self).sorted() == Array(1...192))
  }

  @Test(arguments: StoreKind.allCases)
  func showsEventsInTheOrderOfIDs(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    let writers = (0..<4).map { _ in
      Task { for _ in 0..<50 { _ = try await store.append(.plain()) } }
    }
    // No reader ever sees an event with a gap in front of it.
    var count = 0
    while count < 200 {
      try Task.checkCancellation()
      // A store that never suspends must not keep the writers from a thread.
      await Task.yield()
      let ids = try await store.page(EventQuery(limit: 1000)).events.map(\.id.number)
      #expect(ids == Array(1..<Int64(ids.count + 1)))
      count = ids.count
    }
    for writer in writers { try await writer.value }
    #expect(count == 200)
  }

  @Test(arguments: StoreKind.allCases)
  func restoresOnlyIntoAnUnusedLog(_ kind: StoreKind) async throws {
    let store = try kind.makeStore(in: folder)
    #expect(try await store.restore(Event.examples, after: nil))
    #expect(try await store.page(EventQuery()).events == Event.examples)
    #expect(try await store.restore(Event.examples, after: nil) == false)
    #expect(try await store.append(.plain()).id.description == "evt_004")
    #expect(try await store.page(EventQuery()).events.count == 4)
  }

  @Test(arguments: StoreKind.allCases)
  func restoresBatchAfterBatch(_ kind: StoreKind) async throws {
    let events = try (1...30).map {
      Event(id: try #require(EventID($0 * 3)), timestamp: Timestamp(milliseconds: $0), draft: .plain())
    }
    let store = try kind.makeStore(in: folder)
    var lastID: EventID?
    for start in stride(from: 0, to: 30, by: 10) {
      let batch = Array(events[start..<start + 10])
      #expect(try await store.restore(batch, after: lastID))
      // It has an effect only once.
      #expect(try await store.restore(batch, after: lastID) == false)
      lastID = batch.last?.id
    }
    #expect(try await store.page(EventQuery()).events == events)
    #expect(
      try await store.state().newest == LogState.Newest(id: events[29].id, timestamp: events[29].timestamp))
  }

  @Test(arguments: StoreKind.allCases)
  func goesOnAfterIDsWithGaps(_ kind: StoreKind) async throws {
    let events = try [5, 9, 1_000_000].map {
      Event(id: try #require(EventID($0)), timestamp: Timestamp(milliseconds: 1), draft: .plain())
    }
    let store = try kind.makeStore(in: folder)
    #expect(try await store.restore(events, after: nil))
    #expect(try await store.append(.plain()).id.number == 1_000_001)
    #expect(try await store.event(#require(EventID(9))) == events[1])
    #expect(try await store.event(#require(EventID(6))) == nil)
    let query = EventQuery(
      limit: 2, cursor: EventCursor(.next, of: EventPosition(key: nil, id: try #require(EventID(6)))))
    #expect(try await store.page(query).events.map(\.id.number) == [9, 1_000_000])
  }
}
