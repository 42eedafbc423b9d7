import EventIndex

/// A part of the log, as a read walks along it.
enum LogPiece {
  /// Events that a segment of the log is about.
  case stored(StoredSegment, IDRange)
  /// Events that a segment in memory is about.
  case inMemory(MemorySegment, IDRange)
  /// Events that no segment is about, so they have to be read.
  case rows(IDRange)

  var ids: IDRange {
    switch self {
    case .stored(_, let ids), .inMemory(_, let ids), .rows(let ids): ids
    }
  }
}

/// A segment of events that were recorded a short time ago. It is never stored.
struct MemorySegment: Sendable {
  let segment: Segment
  let image: SegmentImage

  /// - Throws: `IndexDamage`, which does not happen with bytes that were just built.
  init(_ image: SegmentImage) throws(IndexDamage) {
    self.image = image
    segment = try Segment(image.outline, directory: image.directory)
  }

  var ids: IDRange { IDRange(lower: image.outline.firstID, upper: image.outline.lastID) }
}
