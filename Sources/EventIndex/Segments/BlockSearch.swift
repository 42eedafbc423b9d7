/// Finds a term in a block without putting together the terms before it.
enum BlockSearch {
  struct Entry {
    /// The number of events.
    let count: Int
    /// Where the bytes of the positions are; they may extend beyond the block.
    let positions: Range<Int>
  }

  /// Finds the entry of a term.
  ///
  /// All that has to be known of an entry is how many bytes its term has in common with the term that is sought. An entry
  /// that shares more than that with its predecessor differs from the term at the same place; one that shares less comes
  /// after the term.
  ///
  /// - Parameters:
  ///   - term: the term.
  ///   - block: a block with its padding.
  /// - Returns: the entry; nil when none starts in the block.
  /// - Throws: `IndexDamage` when the bytes are not a block.
  static func entry(of term: UnsafeBufferPointer<UInt8>, in block: [UInt8]) throws(IndexDamage) -> Entry? {
    let end = block.count - PositionCode.padding
    let start = SegmentReader.bodyOffset + 2
    guard end >= start else { throw IndexDamage("a block of the index is too short") }
    let first = start + (Int(block[start - 2]) | Int(block[start - 1]) << 8)
    guard first <= end else { throw IndexDamage("a block of the index is too short") }
    var found: Result<Entry?, IndexDamage> = .success(nil)
    block.withUnsafeBufferPointer { block in
      do throws(IndexDamage) {
        found = .success(try entry(of: term, in: block, first..<end))
      } catch {
        found = .failure(error)
      }
    }
    return try found.get()
  }

  private static func entry(
    of term: UnsafeBufferPointer<UInt8>, in block: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) throws(IndexDamage) -> Entry? {
    var offset = range.lowerBound
    // The number of bytes that the term of the entry before has in common with the term that is sought.
    var common = 0
    while offset < range.upperBound {
      let shared = Int(truncatingIfNeeded: try block.variableLength(at: &offset))
      let length = Int(truncatingIfNeeded: try block.variableLength(at: &offset))
      guard shared >= 0, length >= 0, length <= range.upperBound - offset else {
        throw IndexDamage("a term in the index ends early")
      }
      if shared < common { return nil }
      var isEqual = false
      if shared == common {
        let rest = UnsafeBufferPointer(rebasing: block[offset..<offset + length])
        var equal = 0
        while equal < length, common + equal < term.count, rest[equal] == term[common + equal] { equal += 1 }
        isEqual = equal == length && common + equal == term.count
        if !isEqual, common + equal == term.count || (equal < length && rest[equal] > term[common + equal]) {
          return nil
        }
        common += equal
      }
      offset += length
      let count = Int(truncatingIfNeeded: try block.variableLength(at: &offset))
      let size = count == 1 ? 2 : Int(truncatingIfNeeded: try block.variableLength(at: &offset))
      guard count > 0, size >= 0, size <= PositionCode.maximumSize, offset <= range.upperBound else {
        throw IndexDamage("an entry of the index is not valid")
      }
      if isEqual { return Entry(count: count, positions: offset..<offset + size) }
      offset += size
    }
    return nil
  }
}
