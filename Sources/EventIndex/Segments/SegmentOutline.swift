import EventLog

/// Which events a segment is about.
public struct SegmentOutline: Hashable, Sendable {
  public let firstID: Int64
  public let lastID: Int64
  /// The number of events.
  public let count: Int
  /// The earliest and the latest timestamp in milliseconds since 1970.
  public let earliest: Int64
  public let latest: Int64
  /// The first and the last moment at which events happened, in milliseconds since 1970; nil when each of them happened when
  /// it was recorded.
  public let occurrences: ClosedRange<Int64>?
  /// The number of blocks.
  public let blocks: Int

  public init(
    firstID: Int64, lastID: Int64, count: Int, earliest: Int64, latest: Int64,
    occurrences: ClosedRange<Int64>?, blocks: Int
  ) {
    self.firstID = firstID
    self.lastID = lastID
    self.count = count
    self.earliest = earliest
    self.latest = latest
    self.occurrences = occurrences
    self.blocks = blocks
  }

  var hasConsecutiveIDs: Bool { lastID - firstID == Int64(count - 1) }

  /// Returns the first and the last of the events' times, in milliseconds since 1970.
  func span(of time: EventTime) -> ClosedRange<Int64> {
    switch time {
    case .timestamp: earliest...latest
    case .occurredAt: occurrences ?? earliest...latest
    }
  }

  /// The parts of a segment, for their checksums.
  enum Part {
    case directory, columns
    case block(Int)
  }

  /// The seed of a part's checksum, which differs between parts, and between segments that are about other events.
  func seed(_ part: Part) -> UInt64 {
    let number: UInt64 =
      switch part {
      case .directory: 0
      case .columns: 1
      case .block(let block): UInt64(block + 2)
      }
    let happened = occurrences.map { [$0.lowerBound, $0.upperBound] } ?? []
    return ([Int64(count), earliest, latest, Int64(blocks)] + happened).reduce(
      UInt64(bitPattern: firstID) ^ number << 40
    ) {
      ($0 ^ UInt64(bitPattern: $1)) &* 0x100_0000_01b3
    } ^ UInt64(bitPattern: lastID)
  }
}
