/// Collects which events have which trigrams.
///
/// Each trigram of each event is a number: the trigram in the upper bits, the position in the lower ones. To sort the
/// numbers, which takes two passes that count, brings the positions of a trigram together, in ascending order.
struct TrigramPostings {
  private var pairs: [UInt64] = []

  /// The number of trigrams so far, those that occur again in the same event included.
  var count: Int { pairs.count }

  @inline(__always)
  mutating func append(_ trigram: UInt32, _ position: Int) {
    pairs.append(UInt64(trigram) << 16 | UInt64(position))
  }

  /// Removes what was added since there were `count` trigrams.
  mutating func removeAll(from count: Int) { pairs.removeSubrange(count...) }

  /// Returns the number of different trigrams since there were `count` of them.
  func distinct(from count: Int) -> Int { Set(pairs[count...]).count }

  /// Calls a closure with each trigram and the positions of its events, in ascending order.
  mutating func forEachSorted(_ body: (UInt32, UnsafeBufferPointer<UInt16>) -> Void) {
    var other = [UInt64](repeating: 0, count: pairs.count)
    Self.sort(&pairs, into: &other, by: 16)
    Self.sort(&other, into: &pairs, by: 28)
    var positions: [UInt16] = []
    pairs.withUnsafeBufferPointer { pairs in
      var index = 0
      while index < pairs.count {
        let trigram = pairs[index] >> 16
        positions.removeAll(keepingCapacity: true)
        var last = -1
        while index < pairs.count, pairs[index] >> 16 == trigram {
          let position = Int(pairs[index] & 0xFFFF)
          if position != last { positions.append(UInt16(position)) }
          last = position
          index += 1
        }
        positions.withUnsafeBufferPointer { body(UInt32(trigram), $0) }
      }
    }
  }

  /// Sorts by twelve bits, and keeps the order of those that are equal.
  private static func sort(_ pairs: inout [UInt64], into sorted: inout [UInt64], by shift: UInt64) {
    pairs.withUnsafeBufferPointer { pairs in
      sorted.withUnsafeMutableBufferPointer { sorted in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 4097) { starts in
          starts.initialize(repeating: 0)
          for pair in pairs { starts[Int(truncatingIfNeeded: pair &>> shift & 0xFFF) + 1] += 1 }
          for digit in 1...4096 { starts[digit] += starts[digit - 1] }
          for pair in pairs {
            let digit = Int(truncatingIfNeeded: pair &>> shift & 0xFFF)
            sorted[starts[digit]] = pair
            starts[digit] += 1
          }
        }
      }
    }
  }
}
