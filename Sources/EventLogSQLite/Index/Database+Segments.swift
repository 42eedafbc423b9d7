import EventIndex
import GRDB

/// The index as rows. It changes only in transactions that hold the write lock.
extension Database {
  /// A number that changes with the segments.
  func indexGeneration() throws -> Int64 {
    try cachedStatement(sql: "SELECT generation FROM index_state").firstInteger() ?? 0
  }

  /// Reads which segments there are, in the order of ids. Those that make no sense next to others are left out.
  func segments() throws -> [StoredSegment] {
    var segments: [StoredSegment] = []
    let statement = try cachedStatement(
      sql: """
        SELECT id, first_id, last_id, count, earliest, latest, blocks, first_occurrence, last_occurrence
        FROM segment ORDER BY first_id
        """)
    try statement.forEachRow { row in
      let outline = SegmentOutline(
        firstID: row.integer(1), lastID: row.integer(2), count: Int(row.integer(3)),
        earliest: row.integer(4), latest: row.integer(5), occurrences: row.range(7, 8),
        blocks: Int(row.integer(6)))
      if outline.firstID > segments.last?.outline.lastID ?? 0, outline.lastID >= outline.firstID {
        segments.append(StoredSegment(id: row.integer(0), outline: outline))
      }
      return true
    }
    return segments
  }

  /// Replaces segments by one that is about the same events or, if there are none to replace, about events that are in
  /// no segment yet.
  ///
  /// - Returns: false, without any effect, when the segments are no longer there, or others have come.
  func replace(_ replaced: [StoredSegment], by image: SegmentImage) throws -> Bool {
    let outline = image.outline
    let present = try segments().filter {
      $0.outline.lastID >= outline.firstID && $0.outline.firstID <= outline.lastID
    }
    guard present == replaced else { return false }
    // There may also be some that made no sense.
    let overlapping = try Int64.fetchAll(
      self, sql: "SELECT id FROM segment WHERE last_id >= ? AND first_id <= ?",
      arguments: [outline.firstID, outline.lastID])
    for id in overlapping { try removeSegment(id) }
    try cachedStatement(
      sql: """
        INSERT INTO segment (
          first_id, last_id, count, earliest, latest, first_occurrence, last_occurrence, blocks, directory, columns)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).run([
      outline.firstID, outline.lastID, Int64(outline.count), outline.earliest, outline.latest,
      outline.occurrences?.lowerBound, outline.occurrences?.upperBound, Int64(outline.blocks),
      image.directory, image.encodedColumns,
    ])
    let id = lastInsertedRowID
    let insertion = try cachedStatement(sql: "INSERT INTO segment_block (id, block) VALUES (?, ?)")
    for (number, block) in image.blocks.enumerated() {
      try insertion.run([StoredSegment.blockID(number, of: id), block])
    }
    try noteIndexChange()
    return true
  }

  /// Removes a segment. Its events have to be read until another one takes its place.
  func removeSegment(_ id: Int64) throws {
    try cachedStatement(sql: "DELETE FROM segment WHERE id = ?").run([id])
    try cachedStatement(sql: "DELETE FROM segment_block WHERE id BETWEEN ? AND ?")
      .run([StoredSegment.blockID(0, of: id), StoredSegment.blockID(0xFFFF, of: id)])
    try noteIndexChange()
  }

  /// Finds segments of which there are only blocks.
  func segmentsWithoutOutline() throws -> [Int64] {
    let first = try cachedStatement(sql: "SELECT min(id) >> 16 FROM segment_block WHERE id >= ?")
    let outline = try cachedStatement(sql: "SELECT 1 FROM segment WHERE id = ?")
    var found: [Int64] = []
    var next: Int64 = 0
    while let id = try first.firstInteger([StoredSegment.blockID(0, of: next)]) {
      if try outline.firstInteger([id]) == nil { found.append(id) }
      next = id + 1
    }
    return found
  }

  private func noteIndexChange() throws {
    try cachedStatement(sql: "UPDATE index_state SET generation = generation + 1").run()
  }
}

extension ResultRow {
  /// Returns the range between two columns; nil when there is none.
  fileprivate func range(_ lower: Int32, _ upper: Int32) -> ClosedRange<Int64>? {
    guard let lower = optionalInteger(lower), let upper = optionalInteger(upper), lower <= upper else {
      return nil
    }
    return lower...upper
  }
}
