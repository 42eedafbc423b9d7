/// A segment whose directory is in memory; everything else is read when it is needed.
public final class Segment: Sendable {
  public let outline: SegmentOutline
  let directory: Directory

  /// - Parameters:
  ///   - outline: which events the segment is about.
  ///   - directory: the encoded directory.
  /// - Throws: `IndexDamage` when the bytes are not the directory of such a segment.
  public init(_ outline: SegmentOutline, directory: [UInt8]) throws(IndexDamage) {
    guard (1...SegmentImage.maximumCount).contains(outline.count),
      outline.lastID - outline.firstID >= Int64(outline.count - 1)
    else { throw IndexDamage("a segment is about an impossible number of events") }
    self.outline = outline
    self.directory = try Directory(directory, of: outline)
  }

  /// The approximate size in memory, in bytes.
  public var size: Int { directory.size + 128 }
}

/// Where the blocks and columns of segments are read from.
public protocol SegmentStorage {
  /// Reads a block as it was written.
  ///
  /// - Parameters:
  ///   - number: the number of the block.
  ///   - bytes: receives the bytes; none when the block is missing.
  /// - Throws: an error of the storage.
  func append(block number: Int, to bytes: inout [UInt8]) throws

  /// Reads the columns as they were written.
  ///
  /// - Returns: the bytes; none when they are missing.
  /// - Throws: an error of the storage.
  func columns() throws -> [UInt8]
}
