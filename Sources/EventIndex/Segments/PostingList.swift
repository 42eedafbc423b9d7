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
        try forEach(of: capacity) { words[$0 &>> 6] |= 1 &<< UInt64($0 & 63) }
      } catch {
        damage = error
      }
    }
    if let damage { throw damage }
  }

  /// Returns how many of the positions are in a set.
  func count(in set: PositionSet) throws(IndexDamage) -> Int {
    var count = 0
    try forEach(of: set.capacity) { if set.contains($0) { count += 1 } }
    return count
  }
}
