/// A segment as it is stored: all that is known about a run of events, without the events themselves.
///
/// The posting lists of all terms form one sequence of entries in the order of the terms, which is cut into blocks that
/// fill a page of the store each. An entry says which events have a term:
///
///     ┌────────┬────────┬─────────────┬───────┬──────┬──────────────────────────┐
///     │ shared │ length │ end of term │ count │ size │ positions (PositionCode) │
///     └────────┴────────┴─────────────┴───────┴──────┴──────────────────────────┘
///
/// `shared` is the number of bytes that the term has in common with the one before it in the same block, `length` is the
/// number of bytes that follow, and `count` is the number of events. These are numbers of variable length, as is `size`, the
/// number of bytes of the positions. If `count` is 1, the position follows at once, in two bytes, the lower one first.
///
/// A block starts with its checksum, and with what the block before it had no room for. Only positions are divided:
///
///     ┌──────────────┬─────────┬───────────────────────────────┬───────┬───────┬─ ─ ─┬───────┐
///     │ checksum (8) │ n (2)   │ n bytes of the last positions │ entry │ entry │     │ entry │
///     └──────────────┴─────────┴───────────────────────────────┴───────┴───────┴─ ─ ─┴───────┘
///
/// The directory has the first term of each block in which an entry starts, after its length. The columns have
/// the ids of the events, only if they are not consecutive, their timestamps, and when they happened, only if that is not
/// the same (`PackedIntegers`). Both start with a checksum. Checksums depend on the place of the bytes, so no part is valid in another place.
public struct SegmentImage: Sendable {
  /// The most events of a segment. Two thousand fit in a page as bits.
  public static let maximumCount = 16_384
  /// The size of a block without its checksum: with it, a row of one block fills a page of 4,096 bytes.
  static let blockSize = 4048

  public let outline: SegmentOutline
  public let directory: [UInt8]
  public let encodedColumns: [UInt8]
  public let blocks: [[UInt8]]

  /// The size of all parts in bytes.
  public var size: Int { blocks.reduce(directory.count + encodedColumns.count) { $0 + $1.count } }
}

/// A segment that is not stored can be read from its image.
extension SegmentImage: SegmentStorage {
  /// A reader of these bytes.
  ///
  /// - Throws: `IndexDamage` when they are not those of a segment.
  public func reader() throws(IndexDamage) -> SegmentReader {
    SegmentReader(try Segment(outline, directory: directory), self)
  }

  public func append(block number: Int, to bytes: inout [UInt8]) {
    if blocks.indices.contains(number) { bytes += blocks[number] }
  }

  public func columns() -> [UInt8] { encodedColumns }
}
