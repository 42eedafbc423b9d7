/// Makes one segment of several that follow one another.
public enum SegmentMerge {
  /// The most blocks of the segments together: two megabytes. It limits how long it takes to store the result.
  public static let maximumBlocks = 512

  /// Merges segments. The result is the same as that of building a segment from all of the events.
  ///
  /// - Parameter readers: reads the segments, in the order of ids; they must not have more than
  ///   `SegmentImage.maximumCount` events together.
  /// - Returns: the segment.
  /// - Throws: `IndexDamage`, or an error of the storage.
  public static func merge(_ readers: [SegmentReader]) throws -> SegmentImage {
    let columns = try readers.map { try $0.columns() }
    var start = 0
    var inputs: [(entries: EntryCursor, start: Int, capacity: Int)] = []
    for reader in readers {
      let entries = reader.entries()
      if try entries.next() { inputs.append((entries, start, reader.capacity)) }
      start += reader.capacity
    }
    var writer = BlockWriter(capacity: start)
    var positions: [UInt16] = []
    var term: [UInt8] = []
    while var first = inputs.indices.first {
      for index in inputs.indices.dropFirst() {
        if inputs[first].entries.term.withUnsafeBufferPointer({ inputs[index].entries.compare(with: $0) }) < 0
        {
          first = index
        }
      }
      term.removeAll(keepingCapacity: true)
      term.append(contentsOf: inputs[first].entries.term)
      positions.removeAll(keepingCapacity: true)
      var index = first
      while index < inputs.count {
        guard term.withUnsafeBufferPointer({ inputs[index].entries.compare(with: $0) }) == 0 else {
          index += 1
          continue
        }
        let start = inputs[index].start
        try inputs[index].entries.postings.forEach(of: inputs[index].capacity) {
          positions.append(UInt16(start + $0))
        }
        if try inputs[index].entries.next() { index += 1 } else { inputs.remove(at: index) }
      }
      term.withUnsafeBufferPointer { term in
        positions.withUnsafeBufferPointer { writer.append(term, $0) }
      }
    }
    return writer.finish(
      ids: columns.flatMap { columns in (0..<columns.ids.count).map { columns.ids[$0] } },
      timestamps: columns.flatMap(\.timestamps.moments), occurrences: columns.flatMap(\.occurrences.moments))
  }
}
