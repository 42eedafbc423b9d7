/// Some of the events of a segment. An event's position is its number in the segment, from 0, in the order of ids.
public struct PositionSet: Equatable, Sendable {
  /// The number of events in the segment.
  public let capacity: Int
  /// One bit for each event, the first in the lowest bit of the first word. The bits beyond the last event are 0.
  private(set) var words: [UInt64]

  /// Creates the empty set.
  ///
  /// - Parameter capacity: the number of events in the segment.
  public init(capacity: Int) {
    self.capacity = capacity
    words = [UInt64](repeating: 0, count: (capacity + 63) / 64)
  }

  /// Creates the set of the events within a range of positions.
  public init(_ range: Range<Int>, capacity: Int) {
    self.init(capacity: capacity)
    guard !range.isEmpty else { return }
    for index in range.lowerBound / 64...(range.upperBound - 1) / 64 {
      words[index] = Self.mask(of: range, inWord: index)
    }
  }

  public static func full(capacity: Int) -> PositionSet { PositionSet(0..<capacity, capacity: capacity) }

  /// The bits of a word that belong to a range.
  private static func mask(of range: Range<Int>, inWord index: Int) -> UInt64 {
    let lower = max(range.lowerBound - index * 64, 0)
    let upper = min(range.upperBound - index * 64, 64)
    return upper <= lower ? 0 : (~0 >> UInt64(64 - (upper - lower))) << UInt64(lower)
  }

  public var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  public var isFull: Bool { count == capacity }

  /// The lowest position; nil when the set is empty.
  public var first: Int? {
    words.firstIndex { $0 != 0 }.map { $0 * 64 + words[$0].trailingZeroBitCount }
  }

  /// The highest position; nil when the set is empty.
  public var last: Int? {
    words.lastIndex { $0 != 0 }.map { $0 * 64 + 63 - words[$0].leadingZeroBitCount }
  }

  public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  public func contains(_ position: Int) -> Bool {
    words[position / 64] & 1 << UInt64(position % 64) != 0
  }

  public mutating func insert(_ position: Int) {
    words[position / 64] |= 1 << UInt64(position % 64)
  }

  public mutating func formIntersection(_ other: PositionSet) {
    for index in words.indices { words[index] &= other.words[index] }
  }

  public mutating func formUnion(_ other: PositionSet) {
    for index in words.indices { words[index] |= other.words[index] }
  }

  public mutating func subtract(_ other: PositionSet) {
    for index in words.indices { words[index] &= ~other.words[index] }
  }

  public func intersection(_ other: PositionSet) -> PositionSet {
    var result = self
    result.formIntersection(other)
    return result
  }

  public func subtracting(_ other: PositionSet) -> PositionSet {
    var result = self
    result.subtract(other)
    return result
  }

  /// The events of the segment that are not in the set.
  public var complement: PositionSet { PositionSet.full(capacity: capacity).subtracting(self) }

  /// The number of events that are also in another set.
  public func intersectionCount(_ other: PositionSet) -> Int {
    words.indices.reduce(0) { $0 + (words[$1] & other.words[$1]).nonzeroBitCount }
  }

  /// The number of events within a range of positions.
  public func count(in range: Range<Int>) -> Int {
    guard !range.isEmpty else { return 0 }
    return (range.lowerBound / 64...(range.upperBound - 1) / 64).reduce(0) {
      $0 + (words[$1] & Self.mask(of: range, inWord: $1)).nonzeroBitCount
    }
  }

  /// Calls a closure with each position until it returns false.
  ///
  /// - Parameters:
  ///   - isAscending: whether the lowest position comes first.
  ///   - body: receives a position and returns whether it needs more.
  /// - Returns: whether it always needed more.
  /// - Throws: what `body` throws.
  @discardableResult
  public func forEach(ascending isAscending: Bool = true, _ body: (Int) throws -> Bool) rethrows -> Bool {
    for step in words.indices {
      let index = isAscending ? step : words.count - 1 - step
      var word = words[index]
      while word != 0 {
        let bit = isAscending ? word.trailingZeroBitCount : 63 - word.leadingZeroBitCount
        if try !body(index * 64 + bit) { return false }
        word ^= 1 << UInt64(bit)
      }
    }
    return true
  }

  /// Reads the words without bounds checks for each.
  func withUnsafeWords<Result>(_ body: (UnsafeBufferPointer<UInt64>) throws -> Result) rethrows -> Result {
    try words.withUnsafeBufferPointer { try body($0) }
  }

  /// Adds the positions that a closure produces, without bounds checks for each word.
  mutating func withUnsafeWords<Result>(
    _ body: (UnsafeMutableBufferPointer<UInt64>) throws -> Result
  ) rethrows -> Result {
    try words.withUnsafeMutableBufferPointer { try body($0) }
  }
}
