/// The first term of each block of a segment, by which the block of any term is found.
struct Directory: Sendable {
  private let bytes: [UInt8]
  /// Where each term starts, and where the last one ends.
  private let offsets: [Int32]

  /// Reads the directory of a segment.
  ///
  /// - Throws: `IndexDamage` when the bytes are not what was written.
  init(_ encoded: [UInt8], of outline: SegmentOutline) throws(IndexDamage) {
    try Checksum.check(encoded, seed: outline.seed(.directory))
    var bytes: [UInt8] = []
    var offsets: [Int32] = [0]
    var damage: IndexDamage?
    encoded.withUnsafeBufferPointer { encoded in
      var offset = Checksum.size
      do throws(IndexDamage) {
        while offset < encoded.count {
          let size = Int(truncatingIfNeeded: try encoded.variableLength(at: &offset))
          guard size >= 0, size <= encoded.count - offset else { throw IndexDamage("a directory ends early") }
          bytes.append(contentsOf: encoded[offset..<offset + size])
          offset += size
          offsets.append(Int32(bytes.count))
        }
      } catch {
        damage = error
      }
    }
    if let damage { throw damage }
    self.bytes = bytes
    self.offsets = offsets
  }

  /// The approximate size in memory, in bytes.
  var size: Int { bytes.count + offsets.count * 4 }

  /// Returns the block in which the entry of a term starts if there is one. It is the last block whose first term does not
  /// come after the term, or the first block.
  func block(of term: UnsafeBufferPointer<UInt8>) -> Int {
    bytes.withUnsafeBufferPointer { bytes in
      var (lower, upper) = (0, offsets.count - 1)
      while lower < upper {
        let middle = (lower + upper) / 2
        let first = UnsafeBufferPointer(rebasing: bytes[Int(offsets[middle])..<Int(offsets[middle + 1])])
        if compare(first, term) <= 0 { lower = middle + 1 } else { upper = middle }
      }
      return max(0, lower - 1)
    }
  }
}
