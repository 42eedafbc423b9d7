/// Walks along the entries of a segment; `SegmentImage` draws the format.
final class EntryCursor {
  private let reader: SegmentReader
  private var number: Int
  private var block: [UInt8] = []
  /// Where the next entry starts, and where the last one ends.
  private var offset = 0
  private var end = 0
  /// The term of the current entry.
  private(set) var term: [UInt8] = []
  /// The number of events of the current entry.
  private(set) var count = 0
  /// Where the bytes of its positions are in the block, unless `divided` holds them.
  private var positions = 0..<0
  /// The bytes of positions that are in two blocks; empty otherwise.
  private var divided: [UInt8] = []

  /// - Parameters:
  ///   - reader: reads the blocks.
  ///   - number: the block whose first entry is the first.
  init(_ reader: SegmentReader, from number: Int) {
    self.reader = reader
    self.number = number - 1
  }

  /// The posting list of the current entry.
  var postings: PostingList {
    divided.isEmpty
      ? PostingList(count: count, block, positions)
      : PostingList(count: count, divided, 0..<divided.count - PositionCode.padding)
  }

  /// Compares the current term, as the function `compare` does.
  func compare(with other: UnsafeBufferPointer<UInt8>) -> Int {
    term.withUnsafeBufferPointer { EventIndex.compare($0, other) }
  }

  /// Moves to the next entry.
  ///
  /// - Returns: false when there is none.
  /// - Throws: `IndexDamage`, or an error of the storage.
  func next() throws -> Bool {
    while offset >= end {
      guard number + 1 < reader.outline.blocks else { return false }
      try open(number + 1)
    }
    if !divided.isEmpty { divided.removeAll() }
    let size = try readHead()
    let available = min(size, end - offset)
    positions = offset..<offset + available
    offset += available
    if available < size { try readRest(of: size) }
    return true
  }

  /// Reads an entry up to its positions.
  ///
  /// - Returns: the size of the positions in bytes.
  private func readHead() throws(IndexDamage) -> Int {
    var offset = offset
    var size = 0
    var damage: IndexDamage?
    block.withUnsafeBufferPointer { block in
      do throws(IndexDamage) {
        let shared = Int(truncatingIfNeeded: try block.variableLength(at: &offset))
        let length = Int(truncatingIfNeeded: try block.variableLength(at: &offset))
        guard shared >= 0, shared <= term.count, length >= 0, length <= end - offset else {
          throw IndexDamage("a term in the index ends early")
        }
        term.removeLast(term.count - shared)
        term.append(contentsOf: UnsafeBufferPointer(rebasing: block[offset..<offset + length]))
        offset += length
        count = Int(truncatingIfNeeded: try block.variableLength(at: &offset))
        size = count == 1 ? 2 : Int(truncatingIfNeeded: try block.variableLength(at: &offset))
        guard count > 0, size >= 0, size <= PositionCode.maximumSize, offset <= end else {
          throw IndexDamage("an entry of the index is not valid")
        }
      } catch {
        damage = error
      }
    }
    if let damage { throw damage }
    self.offset = offset
    return size
  }

  /// Opens a block, and moves in front of its first entry.
  private func open(_ number: Int) throws {
    block = try reader.block(number)
    self.number = number
    end = block.count - PositionCode.padding
    let start = SegmentReader.bodyOffset + 2
    guard end >= start else { throw IndexDamage("a block of the index is too short") }
    offset = start + (Int(block[start - 2]) | Int(block[start - 1]) << 8)
    guard offset <= end else { throw IndexDamage("a block of the index is too short") }
    term.removeAll(keepingCapacity: true)
  }

  /// Completes the positions of the current entry from the next block.
  private func readRest(of size: Int) throws {
    var bytes = Array(block[positions])
    let term = term
    guard number + 1 < reader.outline.blocks else { throw IndexDamage("a block of the index is missing") }
    try open(number + 1)
    self.term = term
    bytes += block[SegmentReader.bodyOffset + 2..<offset]
    guard bytes.count == size else { throw IndexDamage("a block of the index is not valid") }
    divided = bytes + [UInt8](repeating: 0, count: PositionCode.padding)
  }
}
