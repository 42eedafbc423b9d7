/// Which events of a segment have a term, as it is stored.
struct PostingList {
  /// The number of events.
  let count: Int
  /// Holds the bytes of the positions; at least `PositionCode.padding` bytes follow them.
  private let bytes: [UInt8]
  private let range: Range<Int>

  init(count: Int, _ bytes: [UInt8], _ range: Range<Int>) {
    self.count = count
    self.bytes = bytes
    self.range = range
  }

  /// Calls a closure with each position, in ascending order.
  ///
  /// - Parameters:
  ///   - capacity: the number of events in the segment.
  ///   - body: receives a position.
  /// - Throws: `IndexDamage` when the bytes are not such positions.
  @inline(__always)
  func forEach(of capacity: Int, _ body: (Int) -> Void) throws(IndexDamage) {
    var damage: IndexDamage?
    bytes.withUnsafeBufferPointer { bytes in
      let code = UnsafeBufferPointer(rebasing: bytes[range])
      do throws(IndexDamage) {
        if count == 1 {
          let position = code.count == 2 ? Int(code[0]) | Int(code[1]) << 8 : capacity
          guard position < capacity else { throw IndexDamage("a position lies behind the last event") }
          body(position)
        } else {
          try PositionCode.decode(code, count: count, of: capacity, body)
        }
      } catch {
        damage = error
      }
    }
    if let damage { throw damage }
  }

  /// Returns the positions as a set.
  func set(of capacity: Int) throws(IndexDamage) -> PositionSet {
    if count == capacity { return .full(capacity: capacity) }
    var set = PositionSet(capacity: capacity)
    try insert(into: &set)
    return set
  }

  /// Adds the positions to a set.
  func insert(into set: inout PositionSet) throws(IndexDamage) {
    let capacity = set.capacity
    var damage: IndexDamage?
    set.withUnsafeWords { words in
      do throws(IndexDamage) {
        if PositionCode.isBitmap(count: count, of: capacity) {
          return try forEachWord(of: capacity) { words[$0] |= $1 }
        }
        try forEach(of: capacity) { words[$0 &>> 6] |= 1 &<< UInt64($0 & 63) }
      } catch {
        damage = error
      }
    }
    if let damage { throw damage }
  }

  /// Returns how many of the positions are in a set.
  func count(in set: PositionSet) throws(IndexDamage) -> Int {
    if count == set.capacity { return set.count }
    var total = 0
    var damage: IndexDamage?
    set.withUnsafeWords { words in
      do throws(IndexDamage) {
        if PositionCode.isBitmap(count: count, of: set.capacity) {
          return try forEachWord(of: set.capacity) { total += (words[$0] & $1).nonzeroBitCount }
        }
        try forEach(of: set.capacity) { total += Int(words[$0 &>> 6] &>> UInt64($0 & 63) & 1) }
      } catch {
        damage = error
      }
    }
    if let damage { throw damage }
    return total
  }

  /// Calls a closure with each word of a bitmap and its number.
  @inline(__always)
  private func forEachWord(of capacity: Int, _ body: (Int, UInt64) -> Void) throws(IndexDamage) {
    guard range.count <= (capacity + 7) / 8 else { throw IndexDamage("a list of positions is too long") }
    var found = 0
    bytes.withUnsafeBytes { bytes in
      var offset = range.lowerBound
      var number = 0
      while offset < range.upperBound {
        var word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        if range.upperBound - offset < 8 { word &= 1 << UInt64((range.upperBound - offset) * 8) - 1 }
        if (number + 1) * 64 > capacity { word &= 1 << UInt64(capacity - number * 64) - 1 }
        found += word.nonzeroBitCount
        body(number, word)
        offset += 8
        number += 1
      }
    }
    guard found == count else { throw IndexDamage("a list of positions is not valid") }
  }
}
