import EventLog

/// The ids and times of a segment's events.
public struct Columns: Equatable, Sendable {
  public let ids: IDColumn
  public let timestamps: MomentColumn
  /// When the events happened, which is the same as `timestamps` where no client says anything else.
  public let occurrences: MomentColumn

  init(ids: IDColumn, timestamps: [Int64], occurrences: [Int64]) {
    self.ids = ids
    self.timestamps = MomentColumn(timestamps)
    self.occurrences = occurrences == timestamps ? self.timestamps : MomentColumn(occurrences)
  }

  /// Reads the columns of a segment.
  ///
  /// - Throws: `IndexDamage` when the bytes are not what was written.
  init(_ encoded: [UInt8], of outline: SegmentOutline) throws(IndexDamage) {
    try Checksum.check(encoded, seed: outline.seed(.columns))
    let padded = encoded + [UInt8](repeating: 0, count: PackedIntegers.padding)
    let columns = padded.withUnsafeBufferPointer { bytes in
      Result { () throws(IndexDamage) in try Columns(reading: bytes, of: outline) }
    }
    self = try columns.get()
  }

  private init(
    reading bytes: UnsafeBufferPointer<UInt8>, of outline: SegmentOutline
  ) throws(IndexDamage) {
    var offset = Checksum.size
    func column(from start: Int64) throws(IndexDamage) -> MomentColumn {
      let read = try PackedIntegers.read(bytes, at: &offset, count: outline.count, from: start)
      return MomentColumn(read.integers, isAscending: read.isAscending)
    }
    ids =
      outline.hasConsecutiveIDs
      ? IDColumn(consecutiveFrom: outline.firstID, count: outline.count)
      : IDColumn(try column(from: outline.firstID).moments)
    timestamps = try column(from: outline.earliest)
    occurrences =
      if let span = outline.occurrences { try column(from: span.lowerBound) } else { timestamps }
  }

  func encoded(_ outline: SegmentOutline) -> [UInt8] {
    var bytes: [UInt8] = []
    if !outline.hasConsecutiveIDs {
      PackedIntegers.append((0..<ids.count).lazy.map { ids[$0] }, from: outline.firstID, to: &bytes)
    }
    PackedIntegers.append(timestamps.moments, from: outline.earliest, to: &bytes)
    if let span = outline.occurrences {
      PackedIntegers.append(occurrences.moments, from: span.lowerBound, to: &bytes)
    }
    return bytes
  }

  /// Returns one of the times of the events.
  func moments(of time: EventTime) -> MomentColumn {
    switch time {
    case .timestamp: timestamps
    case .occurredAt: occurrences
    }
  }
}
