import TestSupport
import Testing
import Text

@testable import EventIndex
@testable import EventLog

/// A segment knows of every event what its terms say, however it came about, and tells when its bytes were changed.
struct SegmentTests {
  private static let words = [
    "lorem", "ipsum", "Straße", "ΣΟΦΟΣ", "zz", "é", "e\u{301}", "🎉", "a\tb", "4711", "x",
  ]

  static func events(_ count: Int, _ generator: inout SeededGenerator) throws -> [Event] {
    var id: Int64 = 0
    return try (0..<count).map { number in
      id += Int.random(in: 0..<20, using: &generator) == 0 ? 5 : 1
      func pick(_ values: [String]) -> String { values.randomElement(using: &generator) ?? "" }
      let message = (0..<Int.random(in: 1...6, using: &generator)).map { _ in pick(words) }.joined(
        separator: " ")
      return Event(
        id: try #require(EventID(id)),
        timestamp: Timestamp(milliseconds: Int64.random(in: 0...1_000_000, using: &generator)),
        draft: EventDraft(
          storedType: .allCases[number % 4],
          source: pick(["web", "api", String(repeating: "ü", count: 200)]),
          message: message, userID: number % 3 == 0 ? "u-\(number % 7)" : nil,
          requestID: number % 5 == 0 ? "r-\(number)" : nil,
          tags: number % 4 == 0 ? ["a", "b-\(number % 3)"] : [],
          data: number % 2 == 0
            ? EventData(stored: "{\"n\":\(number % 9),\"o\":{\"s\":[\"x\",\(number)]}}") : nil,
          occurredAt: number % 6 == 5
            ? Timestamp(milliseconds: Int64.random(in: -500...500, using: &generator)) : nil))
    }
  }

  static func image(_ events: some Sequence<Event>) throws -> SegmentImage {
    var builder = SegmentBuilder()
    for event in events { try event.withStored { try builder.add($0) } }
    return builder.finish()
  }

  @Test(arguments: [1, 2, 100, 3000])
  func isTheSameHoweverItCameAbout(_ count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(count))
    let events = try Self.events(count, &generator)
    let whole = try Self.image(events)
    var parts: [ArraySlice<Event>] = []
    var start = 0
    while start < count {
      let end = min(count, start + Int.random(in: 1...max(1, count / 3), using: &generator))
      parts.append(events[start..<end])
      start = end
    }
    let merged = try SegmentMerge.merge(try parts.map { try Self.image($0).reader() })
    #expect(merged.outline == whole.outline)
    #expect(merged.directory == whole.directory && merged.encodedColumns == whole.encodedColumns)
    #expect(merged.blocks == whole.blocks)
    #expect(whole.blocks.dropLast().allSatisfy { $0.count > 2900 }, "blocks are full")
    #expect(whole.blocks.allSatisfy { $0.count <= 4056 })
  }

  @Test(arguments: [1, 2, 3, 5, 400])
  func knowsWhichEventsMeetACondition(_ count: Int) throws {
    var generator = SeededGenerator(seed: 7)
    let events = try Self.events(count, &generator)
    let reader = try Self.image(events).reader()
    let columns = try reader.columns()
    #expect((0..<events.count).map { columns.ids[$0] } == events.map(\.id.number))
    #expect(columns.timestamps.moments == events.map(\.timestamp.milliseconds))
    var conditions: [EventCondition] = [
      .type(.info), .source("web"), .source(Text(String(repeating: "ü", count: 200))), .source("none"),
      .userID("u-3"),
      .requestID("r-25"), .tag("a"), .tag("b-1"), .since(Timestamp(milliseconds: 500_000)),
      .since(Timestamp(milliseconds: 100), by: .occurredAt),
      .until(Timestamp(milliseconds: 0), by: .occurredAt),
      .until(Timestamp(milliseconds: 500_000)), .everything, .any([]),
      .data(DataLeaf(path: DataPath(["n"]), value: DataValue("4"))),
      .data(DataLeaf(path: DataPath(["o", "s"]), value: DataValue("x"))),
      .data(DataLeaf(path: DataPath(["o", "s"]), value: DataValue("100.0"))),
    ]
    for terms: Text in [
      "lorem", "LOREM", "strasse", "straße", "σοφος", "zz", "z", "é", "🎉", "71", "x", "m i", "nothing",
    ] {
      conditions.append(.text(SearchTerms([terms])))
    }
    for search: Text in [
      "data.n>=4", "data.n<4", "data.n>3.5", "data.n<=-1", "data.o.s>1", "has:data.o", "has:data.o.s",
      "has:data.none",
      "has:data", "has:user", "has:request", "has:tag", "lorem OR 71 -type:info", "-has:user OR data.n:4",
    ] {
      conditions.append(.search(try SearchQuery(search, now: Timestamp(milliseconds: 0))))
    }
    conditions += conditions.map(EventCondition.not)
    conditions += (0..<100).map { _ in
      let parts = (0..<3).compactMap { _ in conditions.randomElement(using: &generator) }
      return Bool.random(using: &generator) ? .all(parts) : .any(parts)
    }
    for condition in conditions {
      let selection = try reader.selection(of: condition)
      for (position, event) in events.enumerated() {
        let isPossible = selection.possible.contains(position)
        let isCertain = isPossible && !selection.undecided.contains(position)
        let matches = condition.matches(event)
        #expect(!isCertain || matches, "\(condition) \(event)")
        #expect(!matches || isPossible, "\(condition) \(event)")
      }
    }
  }

  /// A lookup skips what it need not read. It finds the same as walking along all entries.
  @Test(arguments: [1, 2, 3, 7, 300, 3000])
  func findsEachTermAndNoOther(_ count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(count))
    let reader = try Self.image(try Self.events(count, &generator)).reader()
    let entries = reader.entries()
    var terms: Set<[UInt8]> = []
    while try entries.next() {
      terms.insert(entries.term)
      let field = try #require(Term.Field(rawValue: entries.term[0]))
      let found = try #require(try reader.postings(of: Term(field, entries.term.dropFirst())))
      #expect(found.count == entries.count)
      #expect(try found.set(of: count) == entries.postings.set(of: count))
      let few = PositionSet(0..<count / 3, capacity: count)
      #expect(try found.count(in: few) == found.set(of: count).intersection(few).count)
    }
    for term in terms.prefix(500) {
      for other in [term + [0], term + [255], term.dropLast(), term.dropLast() + [term[term.count - 1] &+ 1]]
      {
        let isThere = terms.contains(Array(other))
        guard let first = other.first, let field = Term.Field(rawValue: first) else { continue }
        #expect(try (reader.postings(of: Term(field, other.dropFirst())) != nil) == isThere)
      }
    }
  }

  @Test func leavesNothingUndecidedButLongerTexts() throws {
    var generator = SeededGenerator(seed: 8)
    let reader = try Self.image(try Self.events(300, &generator)).reader()
    for condition: EventCondition in [
      .source("web"), .not(.tag("a")), .text(SearchTerms(["zz"])), .text(SearchTerms(["471"])),
      .data(DataLeaf(path: DataPath(["n"]), value: DataValue("4"))),
    ] {
      #expect(try reader.selection(of: condition).undecided.isEmpty)
    }
    #expect(try !reader.selection(of: .text(SearchTerms(["lorem"]))).undecided.isEmpty)
  }

  /// What would take too much room is left out, and has to be read.
  @Test func leavesOutWhatIsTooMuch() throws {
    let scalars = (0..<20_000).compactMap { Unicode.Scalar(0x4E00 + $0) }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    let members = (0..<200).map { "\"m\($0)\":\($0)" }.joined(separator: ",")
    let long = String(repeating: "v", count: 2000)
    let drafts = [
      EventDraft(
        storedType: .info, source: "a", message: String(text), userID: nil, requestID: nil, tags: [],
        data: nil, occurredAt: nil),
      EventDraft(
        storedType: .info, source: "a", message: "short", userID: nil, requestID: nil, tags: [],
        data: EventData(stored: "{\(members)}"), occurredAt: nil),
      EventDraft(
        storedType: .info, source: "a", message: "short", userID: nil, requestID: nil, tags: [],
        data: EventData(stored: "{\"long\":\"\(long)\"}"), occurredAt: nil),
    ]
    let events = try drafts.enumerated().map { number, draft in
      Event(
        id: try #require(EventID(Int64(number + 1))), timestamp: Timestamp(milliseconds: Int64(number)),
        draft: draft)
    }
    let image = try Self.image(events)
    let reader = try image.reader()
    for (condition, undecided): (EventCondition, [Int]) in [
      (.text(SearchTerms(["short"])), [0, 1, 2]), (.text(SearchTerms(["zzz"])), [0]),
      (.data(DataLeaf(path: DataPath(["m150"]), value: DataValue("150"))), [1]),
      (.data(DataLeaf(path: DataPath(["long"]), value: .string(Text(long)))), [1, 2]),
      (.data(DataLeaf(path: DataPath(["long"]), value: .string(Text(long + "w")))), [1, 2]),
    ] {
      let selection = try reader.selection(of: condition)
      #expect(undecided.allSatisfy(selection.undecided.contains), "\(condition)")
      for (position, event) in events.enumerated() where condition.matches(event) {
        #expect(selection.possible.contains(position), "\(condition)")
      }
    }
    #expect(image.size < 40_000, "\(image.size)")
  }

  /// Two values that differ only behind the longest term are one term, which an event has once.
  @Test(arguments: [1020, 1022, 1023, 1024, 1025, 1026, 3000], [true, false])
  func holdsLongTermsOnce(_ size: Int, _ isNameLong: Bool) throws {
    let long = String(repeating: "n", count: size)
    let events = try (1...3).map { number in
      // The second event has one of the two leaves, and the third one has neither.
      let leaves = ["a", "b"].prefix(3 - number).map { end in
        isNameLong ? "\"\(long)\(end)\":\"1\"" : "\"m\":\"\(long)\(end)\""
      }
      let list = isNameLong ? "{\(leaves.joined(separator: ","))}" : "[{\(leaves.joined(separator: "},{"))}]"
      return Event(
        id: try #require(EventID(Int64(number))), timestamp: Timestamp(milliseconds: Int64(number)),
        draft: EventDraft(
          storedType: .info, source: "a", message: "m", userID: nil, requestID: nil, tags: ["a", "a"],
          data: EventData(stored: "{\"list\":\(list)}"), occurredAt: nil))
    }
    let reader = try Self.image(events).reader()
    let merged = try SegmentMerge.merge([
      try Self.image(events.prefix(1)).reader(), try Self.image(events.dropFirst()).reader(),
    ])
    #expect(merged.blocks == (try Self.image(events).blocks))
    let name = isNameLong ? long : "m"
    for end in ["a", "b", "c"] {
      let condition = EventCondition.data(
        isNameLong
          ? DataLeaf(path: DataPath(["list", Text(name + end)]), value: .string("1"))
          : DataLeaf(path: DataPath(["list", "m"]), value: .string(Text(long + end))))
      let selection = try reader.selection(of: condition)
      for (position, event) in events.enumerated() {
        let isPossible = selection.possible.contains(position)
        #expect(!condition.matches(event) || isPossible)
        #expect(!isPossible || selection.undecided.contains(position) || condition.matches(event))
      }
      let path = DataPath(isNameLong ? ["list", Text(name + end)] : ["list", "m"])
      let member = FacetQuery.Member.data(path)
      var (counter, expected) = (FacetCounter(member), FacetCounter(member))
      let unknown = try reader.count(
        member, of: PositionSet(0..<events.count, capacity: events.count), into: &counter)
      for (position, event) in events.enumerated() {
        if unknown.contains(position) { counter.add(event: member.keys(of: event)) }
        expected.add(event: member.keys(of: event))
      }
      #expect(counter.facets(limit: 10) == expected.facets(limit: 10))
    }
  }

  @Test(arguments: [UInt64](1...3))
  func tellsWhenAnyByteWasChanged(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let image = try Self.image(try Self.events(400, &generator))
    for _ in 0..<300 {
      func flip(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
        bytes[Int.random(in: bytes.indices, using: &generator)] ^= bit
        return bytes
      }
      let block = Int.random(in: image.blocks.indices, using: &generator)
      var blocks = image.blocks
      var (directory, columns) = (image.directory, image.encodedColumns)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: directory = flip(directory)
      case 1: columns = flip(columns)
      case 2: blocks[block] = flip(blocks[block])
      default: blocks[block] = blocks[(block + 1) % blocks.count]
      }
      let changed = SegmentImage(
        outline: image.outline, directory: directory, encodedColumns: columns, blocks: blocks)
      #expect(throws: IndexDamage.self) { try SegmentMerge.merge([changed.reader()]) }
    }
  }
}

extension Event {
  /// Calls a closure with the event as a store would hold it.
  fileprivate func withStored<Result>(_ body: (StoredEvent) throws -> Result) rethrows -> Result {
    let texts = [
      draft.source, draft.message, draft.userID ?? "", draft.requestID ?? "",
      draft.tags.isEmpty ? "" : String(decoding: draft.tagsJSON, as: UTF8.self), draft.data?.json ?? "",
      draft.recordedBy ?? "",
    ].map { Array($0.utf8) }
    func withAll(_ bytes: [UnsafeBufferPointer<UInt8>]) throws -> Result {
      if bytes.count < texts.count {
        return try texts[bytes.count].withUnsafeBufferPointer { try withAll(bytes + [$0]) }
      }
      return try body(
        StoredEvent(
          id: id, timestamp: timestamp, type: draft.type, source: bytes[0], message: bytes[1],
          userID: bytes[2],
          requestID: bytes[3], tags: bytes[4], data: bytes[5],
          occurredAt: draft.occurredAt, recordedBy: bytes[6]))
    }
    return try withAll([])
  }
}
