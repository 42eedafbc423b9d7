import EventIndex

/// Decides which segments are merged.
enum SegmentRun {
  /// Returns segments that follow one another and should become one.
  ///
  /// These are the first `count` that fit into one segment, or fewer if the next one does not fit: otherwise, segments
  /// would stay small forever where texts are long. Each merge makes segments several times as large, so an event takes
  /// part in few merges.
  ///
  /// - Parameters:
  ///   - segments: all segments in the order of ids.
  ///   - count: the number of segments to merge.
  ///   - isEmpty: returns whether no event has any of some ids.
  /// - Returns: at least two segments; nil when there are none to merge.
  /// - Throws: what `isEmpty` throws.
  static func due(
    in segments: [StoredSegment], count: Int, isEmpty: (IDRange) throws -> Bool
  ) rethrows -> [StoredSegment]? {
    var run: [StoredSegment] = []
    for segment in segments {
      let isContinuation =
        try run.last.map { last in
          let between = IDRange(lower: last.outline.lastID + 1, upper: segment.outline.firstID - 1)
          return try between.isEmpty || isEmpty(between)
        } ?? true
      if isContinuation, fits(run + [segment]) {
        run.append(segment)
        if run.count == count { return run }
      } else {
        if isContinuation, run.count > 1, grows(run) { return run }
        run = [segment]
      }
    }
    return nil
  }

  private static func fits(_ run: [StoredSegment]) -> Bool {
    run.reduce(0) { $0 + $1.outline.count } <= SegmentImage.maximumCount
      && run.reduce(0) { $0 + $1.outline.blocks } <= SegmentMerge.maximumBlocks
  }

  /// Whether merging makes a segment that is at least twice as large as its largest part.
  private static func grows(_ run: [StoredSegment]) -> Bool {
    run.reduce(0) { $0 + $1.outline.blocks } >= 2 * (run.map(\.outline.blocks).max() ?? 0)
  }
}
