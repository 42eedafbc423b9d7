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
    var damage: IndexDamage?
    var ids = IDColumn([])
    var timestamps: [Int64] = []
    encoded.withUnsafeBufferPointer { bytes in
      do throws(IndexDamage) {
        var offset = Checksum.size
        ids = try Self.ids(bytes, at: &offset, of: outline)
        timestamps = try Self.timestamps(bytes, at: &offset, of: outline)
      } catch {
        damage = error
      }
    }
    if let damage { throw damage }
    self.init(ids: ids, timestamps: timestamps)
  }

  private static func ids(
    _ bytes: UnsafeBufferPointer<UInt8>, at offset: inout Int, of outline: SegmentOutline
  ) throws(IndexDamage) -> IDColumn {
    if outline.hasConsecutiveIDs { return IDColumn(consecutiveFrom: outline.firstID, count: outline.count) }
    var id = outline.firstID
    var ids = [id]
    ids.reserveCapacity(outline.count)
    while ids.count < outline.count {
      id &+= Int64(bitPattern: try bytes.variableLength(at: &offset)) &+ 1
      ids.append(id)
    }
    return IDColumn(ids)
  }

  private static func timestamps(
    _ bytes: UnsafeBufferPointer<UInt8>, at offset: inout Int, of outline: SegmentOutline
  ) throws(IndexDamage) -> [Int64] {
    var timestamp = outline.earliest
    var timestamps: [Int64] = []
    timestamps.reserveCapacity(outline.count)
    while timestamps.count < outline.count {
      timestamp &+= try bytes.signedVariableLength(at: &offset)
      timestamps.append(timestamp)
    }
    return timestamps
  }

  func encoded(_ outline: SegmentOutline) -> [UInt8] {
    var bytes: [UInt8] = []
    if !outline.hasConsecutiveIDs {
      for position in 1..<ids.count {
        bytes.appendVariableLength(UInt64(ids[position] - ids[position - 1] - 1))
      }
    }
    var last = outline.earliest
    for timestamp in timestamps {
      bytes.appendVariableLength(signed: timestamp - last)
      last = timestamp
    }
    return bytes
  }

  /// Returns the positions of the events within a span of time.
  ///
  /// - Parameters:
  ///   - since: the first moment of the span in milliseconds since 1970.
  ///   - until: the first moment after it.
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
