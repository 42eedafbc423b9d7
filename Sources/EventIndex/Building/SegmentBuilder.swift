public import EventLog

/// Builds a segment from events.
public struct SegmentBuilder {
  /// The number of trigrams, those that occur again included, beyond which a segment takes no further event. So long texts
  /// make short segments, and building one takes some ten milliseconds and ten megabytes at most.
  private static let maximumTrigrams = 1 << 18
  /// The maximum number of leaves of an event's `data` that become terms.
  public static let maximumLeaves = 100

  private var ids: [Int64] = []
  private var timestamps: [Int64] = []
  private var occurrences: [Int64] = []
  private var trigrams = TrigramPostings()
  private var terms = TermTable()
  /// The number of a term in the upper bits, and a position in the lower ones.
  private var members: [UInt64] = []

  public init() {}

  /// The number of events.
  public var count: Int { ids.count }

  /// The id of the last event; nil when there is none.
  public var lastID: Int64? { ids.last }

  /// Whether the segment has room for no further event.
  public var isFull: Bool { count >= SegmentImage.maximumCount || trigrams.count >= Self.maximumTrigrams }

  /// Adds an event, whose id is higher than all before it.
  ///
  /// - Throws: an error when the event's texts, tags or data are not valid.
  public mutating func add(_ event: StoredEvent) throws {
    let position = count
    let (source, message) = (
      try CaseFolding.fold(event.source.span), try CaseFolding.fold(event.message.span)
    )
    let tags = try StoredEvent.tags(event.tags)
    let leaves = try StoredEvent.leafKeys(event.data)
    ids.append(event.id.number)
    timestamps.append(event.timestamp.milliseconds)
    occurrences.append(event.moment(of: .occurredAt).milliseconds)
    addTrigrams(of: source, message, position)
    event.type.rawValue.withTermBytes { add(.type, $0, position) }
    add(.source, event.source, position)
    if !event.userID.isEmpty { add(.userID, event.userID, position) }
    if !event.requestID.isEmpty { add(.requestID, event.requestID, position) }
    for tag in tags { tag.withTermBytes { add(.tag, $0, position) } }
    for leaf in leaves.prefix(Self.maximumLeaves) {
      leaf.withUnsafeBufferPointer { add(.data, $0, position) }
    }
    if leaves.count > Self.maximumLeaves { add(.leaves, position) }
  }

  private mutating func add(_ field: Term.Field, _ value: UnsafeBufferPointer<UInt8>, _ position: Int) {
    members.append(UInt64(terms.number(of: field, value)) << 16 | UInt64(position))
  }

  private mutating func add(_ omission: Term.Omission, _ position: Int) {
    withUnsafePointer(to: omission.rawValue) {
      add(.omission, UnsafeBufferPointer(start: $0, count: 1), position)
    }
  }

  private mutating func addTrigrams(of source: [UInt8], _ message: [UInt8], _ position: Int) {
    let count = trigrams.count
    for text in [source, message] {
      text.withUnsafeBufferPointer { Trigrams.forEach($0) { trigrams.append($0, position) } }
    }
    if trigrams.count - count > Trigrams.maximumCount, trigrams.distinct(from: count) > Trigrams.maximumCount
    {
      trigrams.removeAll(from: count)
      add(.trigrams, position)
    }
  }

  /// Ends the segment, which must have an event.
  public mutating func finish() -> SegmentImage {
    var writer = BlockWriter(capacity: count)
    trigrams.forEachSorted { trigram, positions in
      let (first, second, third) = Trigrams.bytes(of: trigram)
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4) { term in
        term[0] = Term.Field.text.rawValue
        term[1] = first
        term[2] = second
        term[3] = third
        writer.append(UnsafeBufferPointer(term), positions)
      }
    }
    let order = terms.sorted()
    var ranks = [Int](repeating: 0, count: order.count)
    for (rank, number) in order.enumerated() { ranks[number] = rank }
    // Positions come in ascending order, so the sort keeps the members of a term in that order.
    var starts = [Int](repeating: 0, count: order.count + 1)
    for member in members { starts[ranks[Int(member >> 16)] + 1] += 1 }
    for rank in order.indices { starts[rank + 1] += starts[rank] }
    var ends = starts
    var positions = [UInt16](repeating: 0, count: members.count)
    for member in members {
      let (rank, position) = (ranks[Int(member >> 16)], UInt16(member & 0xFFFF))
      // An event has a term twice when two of its values differ only behind the longest term.
      if ends[rank] > starts[rank], positions[ends[rank] - 1] == position { continue }
      positions[ends[rank]] = position
      ends[rank] += 1
    }
    positions.withUnsafeBufferPointer { positions in
      for (rank, number) in order.enumerated() {
        let list = UnsafeBufferPointer(rebasing: positions[starts[rank]..<ends[rank]])
        terms.withTerm(number) { writer.append($0, list) }
      }
    }
    return writer.finish(ids: ids, timestamps: timestamps, occurrences: occurrences)
  }
}

extension String {
  fileprivate func withTermBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    var text = self
    return text.withUTF8(body)
  }
}
