/// How the positions of a term are stored: as the gaps between them, in Golomb-Rice code.
///
/// A gap is the number of positions that are skipped. Its lowest `width` bits follow its upper part `q`, which is written as
/// `q` zeros and a one. Bits are filled in from the lowest of each byte. The width follows from the share of the events
/// that have the term, so it is not stored. For random positions, this code is within a few percent of the
/// shortest possible; for a term that more than half of the events have, it is one bit for each event.
///
///     positions  3      4      9            count 3 of 24 events: width 2
///     gaps       3      0      4
///     bits       1 11   1 00   01 00
///
/// If all events have the term, nothing is stored.
enum PositionCode {
  /// The number of zero bytes that must follow the bytes of a code while it is decoded, since they are read eight at a time.
  static let padding = 8

  /// The number of low bits for which the code is the shortest on average: the logarithm of 0.69 times the mean gap.
  static func width(count: Int, of capacity: Int) -> UInt64 {
    let mean = capacity * 11 / (count * 16)
    return mean < 2 ? 0 : UInt64(Int.bitWidth - 1 - mean.leadingZeroBitCount)
  }

  /// Whether a code is a bitmap: its bit number `n` says whether `n` is a position, since each gap is as many zeros and a one.
  /// A single position has no code.
  static func isBitmap(count: Int, of capacity: Int) -> Bool {
    count > 1 && count < capacity && width(count: count, of: capacity) == 0
  }

  /// The size of the longest code in bytes: less than a bit for each event that is skipped, and less than `width` and one for
  /// each that is not.
  static let maximumSize = SegmentImage.maximumCount / 4

  /// Writes the code of positions.
  ///
  /// - Parameters:
  ///   - positions: the positions in ascending order; at least one.
  ///   - capacity: the number of events in the segment.
  ///   - bytes: receives the code; it has room for `maximumSize` bytes and `padding`.
  /// - Returns: the size of the code in bytes.
  static func write(
    _ positions: UnsafeBufferPointer<UInt16>, of capacity: Int, to bytes: UnsafeMutableRawBufferPointer
  ) -> Int {
    if positions.count == capacity { return 0 }
    let width = width(count: positions.count, of: capacity)
    let mask: UInt64 = 1 << width - 1
    var (bits, used): (UInt64, UInt64) = (0, 0)
    var offset = 0
    // Keeps less than a byte back.
    func flush() {
      bytes.storeBytes(of: bits.littleEndian, toByteOffset: offset, as: UInt64.self)
      offset += Int(used >> 3)
      bits = bits >> (used & ~7)
      used &= 7
    }
    var next = 0
    for position in positions {
      let gap = UInt64(Int(position) - next)
      next = Int(position) + 1
      var zeros = gap >> width
      while zeros >= 32 {
        used += 32
        flush()
        zeros -= 32
      }
      // These are 7 + 31 + 1 + 13 bits at most.
      bits |= ((gap & mask) << 1 | 1) << (used + zeros)
      used += zeros + 1 + width
      flush()
    }
    if used > 0 { offset += 1 }
    return offset
  }

  /// Decodes positions.
  ///
  /// - Parameters:
  ///   - code: the bytes of the code, which `padding` zero bytes follow.
  ///   - count: the number of positions.
  ///   - capacity: the number of events in the segment.
  ///   - body: receives each position in ascending order.
  /// - Throws: `IndexDamage` when the bytes are not the code of such positions.
  @inline(__always)
  static func decode(
    _ code: UnsafeBufferPointer<UInt8>, count: Int, of capacity: Int, _ body: (Int) -> Void
  ) throws(IndexDamage) {
    if count == capacity {
      for position in 0..<capacity { body(position) }
      return
    }
    guard let start = code.baseAddress.map(UnsafeRawPointer.init), count > 0, count < capacity else {
      throw IndexDamage("a list of positions has no bytes")
    }
    let width = width(count: count, of: capacity)
    let mask: UInt64 = 1 << width - 1
    let end = UInt64(code.count) * 8
    var (bit, position): (UInt64, UInt64) = (0, 0)
    for _ in 0..<count {
      var zeros: UInt64 = 0
      var word = start.loadUnaligned(fromByteOffset: Int(bit >> 3), as: UInt64.self) >> (bit & 7)
      while word == 0 {
        let skipped = 64 - (bit & 7)
        zeros += skipped
        bit += skipped
        guard bit < end else { throw IndexDamage("a list of positions ends early") }
        word = start.loadUnaligned(fromByteOffset: Int(bit >> 3), as: UInt64.self)
      }
      let rest = UInt64(word.trailingZeroBitCount)
      bit += rest + 1
      guard bit + width <= end else { throw IndexDamage("a list of positions ends early") }
      let low = start.loadUnaligned(fromByteOffset: Int(bit >> 3), as: UInt64.self) >> (bit & 7) & mask
      bit += width
      position += (zeros + rest) << width | low
      guard position < capacity else { throw IndexDamage("a position lies behind the last event") }
      body(Int(position))
      position += 1
    }
  }
}
