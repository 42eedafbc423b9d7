import EventLog
import HTTPCore
import TestSupport
import Testing
import Text

@testable import EventLogAPI

/// Tests of how the feed finds who is sent an event.
struct FollowerGroupsTests {
  private struct Nobody: BodyWriter {
    func write(_ bytes: [UInt8]) async throws {}
  }

  private static let values = ["a", "b", "c"]

  private func follower(_ number: Int) -> Follower {
    Follower(number: number, after: nil, body: Nobody(), meter: StreamMeter())
  }

  private func event(_ number: Int64, _ generator: inout SeededGenerator) throws -> Event {
    func value() -> String? {
      Bool.random(using: &generator) ? Self.values.randomElement(using: &generator) : nil
    }
    let data = try value().map { try EventData(parsing: #"{"k":"\#($0)","n":{"k":[1.0,true]}}"#) }
    let draft = EventDraft(
      storedType: EventType.allCases.randomElement(using: &generator) ?? .info, source: value() ?? "a",
      message: "m", userID: value(), requestID: value(),
      tags: Array(Set([value(), value()].compactMap(\.self))),
      data: data, occurredAt: nil)
    return Event(
      id: try #require(EventID(number)), timestamp: Timestamp(milliseconds: number), draft: draft)
  }

  private func filter(_ depth: Int, _ generator: inout SeededGenerator) throws -> EventCondition {
    let value = Text(Self.values.randomElement(using: &generator) ?? "a")
    func parts() throws -> [EventCondition] {
      try (0..<Int.random(in: 0...3, using: &generator)).map { _ in try filter(depth - 1, &generator) }
    }
    switch Int.random(in: 0..<(depth > 0 ? 12 : 9), using: &generator) {
    case 0: return .type(EventType.allCases.randomElement(using: &generator) ?? .info)
    case 1: return .source(value)
    case 2: return .userID(value)
    case 3: return .requestID(value)
    case 4: return .tag(value)
    case 5: return .data(DataLeaf(path: try #require(DataPath("k")), value: .string(value)))
    case 6: return .data(DataLeaf(path: try #require(DataPath("n.k")), value: DataValue("1")))
    case 7: return .since(Timestamp(milliseconds: Int64.random(in: 0...300, using: &generator)))
    case 8: return .until(Timestamp(milliseconds: Int64.random(in: 0...300, using: &generator)))
    case 9: return .all(try parts())
    case 10: return .any(try parts())
    default: return .not(try filter(depth - 1, &generator))
    }
  }

  @Test(arguments: [UInt64](1...8))
  func findThoseWhoseFiltersMatch(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var groups = FollowerGroups()
    var keys: [Int: FollowerGroup.Key] = [:]
    for number in 1...120 {
      let format = try #require(StreamFormat.allCases.randomElement(using: &generator))
      keys[number] = FollowerGroup.Key(filter: try filter(3, &generator), format: format)
      groups.add(follower(number), to: try #require(keys[number]))
    }
    for gone in (1...120).shuffled(using: &generator).prefix(40) {
      let key = keys.removeValue(forKey: gone)
      groups.remove(follower(gone), from: try #require(key))
    }
    let events = try (1...300).map { FeedEvent(try event(Int64($0), &generator)) }
    var found: [Int: [EventID]] = [:]
    for (group, events) in groups.matching(events) {
      for number in group.followers.keys { found[number] = events.map(\.event.id) }
    }
    for (number, key) in keys {
      let wanted = events.map(\.event).filter(key.filter.matches).map(\.id)
      #expect(found[number] ?? [] == wanted, "\(key.filter)")
    }
    #expect(Set(found.keys).isSubset(of: keys.keys))
    for (number, key) in keys { groups.remove(follower(number), from: key) }
    #expect(groups.isEmpty && groups.all.isEmpty && groups.matching(events).isEmpty)
  }

  @Test func askOnlyThoseWhoMayMatch() throws {
    var groups = FollowerGroups()
    for number in 1...1000 {
      let key = FollowerGroup.Key(
        filter: .all([.type(.info), .source(Text("s\(number)"))]), format: .serverSentEvents)
      groups.add(follower(number), to: key)
    }
    let draft = EventDraft.plain("m", source: "s7")
    let event = Event(id: try #require(EventID(1)), timestamp: Timestamp(milliseconds: 0), draft: draft)
    #expect(groups.candidates(event).count == 1)
  }

  @Test func renderAnEventOnce() throws {
    let event = Event(
      id: try #require(EventID(1)), timestamp: Timestamp(milliseconds: 0), draft: EventDraft.plain("m"))
    let ofFeed = FeedEvent(event)
    let places = (0..<2).map { _ in ofFeed.json.text.withUnsafeBufferPointer(\.baseAddress) }
    #expect(places[0] == places[1])
    #expect(ofFeed.json == EventJSON(event, by: .timestamp))
  }
}
