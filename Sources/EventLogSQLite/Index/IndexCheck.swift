import EventIndex
import GRDB

/// Compares the index with the events that it is about. The comparison is exact: the same events always make the same bytes.
struct IndexCheck {
  /// What is wrong, one sentence for each segment.
  let problems: [String]

  /// Builds every segment anew.
  ///
  /// - Parameter database: a connection in a read transaction.
  /// - Throws: any error from SQLite.
  init(_ database: Database) throws {
    var problems = try database.segments().compactMap { stored -> String? in
      guard try !Self.isExact(stored, database) else { return nil }
      return """
        the index of the events \(stored.outline.firstID) to \(stored.outline.lastID) differs from the events; \
        `eventlog reindex` builds it anew
        """
    }
    let rest = try database.segmentsWithoutOutline().count
    if rest > 0 {
      problems.append(
        "the index has parts of \(rest) segments that are not there; `eventlog reindex` removes them")
    }
    self.problems = problems
  }

  private static func isExact(_ stored: StoredSegment, _ database: Database) throws -> Bool {
    var builder = SegmentBuilder()
    try SegmentSource(database).add(stored.ids, to: &builder) { _ in false }
    guard builder.count == stored.outline.count else { return false }
    let image = builder.finish()
    let reader = StoredSegmentReader(id: stored.id, database: database)
    guard image.outline == stored.outline, try reader.directory() == image.directory,
      try reader.columns() == image.encodedColumns
    else { return false }
    return try image.blocks.enumerated().allSatisfy { number, expected in
      var block: [UInt8] = []
      try reader.append(block: number, to: &block)
      return block == expected
    }
  }
}
