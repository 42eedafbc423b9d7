/// The ids and timestamps of a segment's events.
public struct Columns: Equatable, Sendable {
  public let ids: IDColumn
  /// The timestamps in milliseconds since 1970, in the order of ids.
  public let timestamps: [Int64]
  /// Whether no timestamp is earlier than the one before it.
  public let isAscending: Bool

  init(ids: IDColumn, timestamps: [Int64]) {
    self.ids = ids
    self.timestamps = timestamps
    isAscending = zip(timestamps, timestamps.dropFirst()).allSatisfy { $0 <= $1 }
  }

  /// Reads the columns of a segment.
  ///
  /// - Throws: `IndexDamage` when the bytes are not what was written.
  init(_ encoded: [UInt8], of outline: SegmentOutline) throws(IndexDamage) {
    try Checksum.check(encoded, seed: outline.seed(.columns))
    let padded = encoded + [UInt8](repeating: 0, count: PackedIntegers.padding)
    var ids = IDColumn(consecutiveFrom: outline.firstID, count: outline.count)
    var timestamps: (integers: [Int64], isAscending: Bool) = ([], true)
    var damage: IndexDamage?
    padded.withUnsafeBufferPointer { bytes in
      do throws(IndexDamage) {
        var offset = Checksum.size
        if !outline.hasConsecutiveIDs {
          let read = try PackedIntegers.read(bytes, at: &offset, count: outline.count, from: outline.firstID)
          ids = IDColumn(read.integers)
        }
        timestamps = try PackedIntegers.read(bytes, at: &offset, count: outline.count, from: outline.earliest)
      } catch {
        damage = error
      }
    }
    if let damage { throw damage }
    self.ids = ids
    (self.timestamps, isAscending) = timestamps
  }

  func encoded(_ outline: SegmentOutline) -> [UInt8] {
    var bytes: [UInt8] = []
    if !outline.hasConsecutiveIDs {
      PackedIntegers.append((0..<ids.count).lazy.map { ids[$0] }, from: outline.firstID, to: &bytes)
    }
    PackedIntegers.append(timestamps, from: outline.earliest, to: &bytes)
    return bytes
  }

  /// Finds the events within a span of time.
  ///
  /// - Parameters:
  ///   - since: the first moment of the span in milliseconds since 1970.
  ///   - until: the first moment after it.
  /// - Returns: their positions.
  func positions(since: Int64, until: Int64) -> PositionSet {
    let capacity = timestamps.count
    if isAscending {
      let lower = lowerBound(of: since)
      return PositionSet(lower..<max(lower, lowerBound(of: until)), capacity: capacity)
    }
    var set = PositionSet(capacity: capacity)
    for position in timestamps.indices where timestamps[position] >= since && timestamps[position] < until {
      set.insert(position)
    }
    return set
  }

  /// Returns the first position at a moment or later, provided that the timestamps ascend.
  func lowerBound(of moment: Int64, in range: Range<Int>? = nil) -> Int {
    var (lower, upper) = (range?.lowerBound ?? 0, range?.upperBound ?? timestamps.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if timestamps[middle] < moment { lower = middle + 1 } else { upper = middle }
    }
    return lower
  }
}
