import EventIndex
import EventLog
import GRDB

/// The index of the log as one transaction sees it.
struct IndexView {
  let database: Database
  private let index: LogIndex
  /// The newest event; 0 when there is none.
  let newestID: Int64
  /// All parts of the log, in the order of ids.
  let pieces: [LogPiece]

  /// - Parameters:
  ///   - index: what the process knows.
  ///   - database: a connection in a read transaction.
  /// - Throws: any error from SQLite.
  init(_ index: LogIndex, _ database: Database) throws {
    self.database = database
    self.index = index
    let newestID = try database.cachedStatement(sql: "SELECT max(id) FROM event").firstInteger() ?? 0
    self.newestID = newestID
    let segments = try index.segments(database)
    let memory = try index.memorySegments(
      after: segments.last?.outline.lastID ?? 0, upTo: newestID, database)
    var found: [LogPiece] = []
    found.reserveCapacity(segments.count + memory.count + 1)
    var next: Int64 = 1
    func add(_ ids: IDRange, _ piece: (IDRange) -> LogPiece) {
      let ids = ids.intersection(IDRange(lower: next, upper: newestID))
      if ids.isEmpty { return }
      if ids.lower > next { found.append(.rows(IDRange(lower: next, upper: ids.lower - 1))) }
      found.append(piece(ids))
      next = ids.upper + 1
    }
    for segment in segments { add(segment.ids) { .stored(segment, $0) } }
    for segment in memory { add(segment.ids) { .inMemory(segment, $0) } }
    if next <= newestID { found.append(.rows(IDRange(lower: next, upper: newestID))) }
    pieces = found
    index.note(
      unindexed: pieces.reduce(0) { count, piece in
        if case .rows(let ids) = piece { count + ids.upper - ids.lower + 1 } else { count }
      })
  }

  /// Returns the parts of the log that have some of a range of ids, each without the ids outside.
  func pieces(in range: IDRange, ascending isAscending: Bool) -> [LogPiece] {
    let found = pieces.compactMap { piece -> LogPiece? in
      let ids = piece.ids.intersection(range)
      if ids.isEmpty { return nil }
      return switch piece {
      case .stored(let segment, _): .stored(segment, ids)
      case .inMemory(let segment, _): .inMemory(segment, ids)
      case .rows: .rows(ids)
      }
    }
    return isAscending ? found : found.reversed()
  }

  /// Asks the index about the events of a part of the log.
  ///
  /// - Parameters:
  ///   - piece: the part.
  ///   - body: receives a reader of the part's segment.
  /// - Returns: what `body` returned; nil when no segment is about the part, or the segment is damaged. The events have to
  ///   be read then.
  /// - Throws: any error from SQLite, or what `body` throws, unless it is `IndexDamage`.
  func asking<Result>(_ piece: LogPiece, _ body: (SegmentReader) throws -> Result) throws -> Result? {
    switch piece {
    case .rows: return nil
    case .inMemory(let memory, _): return try body(SegmentReader(memory.segment, memory.image))
    case .stored(let stored, _):
      guard let reader = try index.reader(of: stored, database) else { return nil }
      do {
        return try body(reader)
      } catch let damage as IndexDamage {
        index.note(damage, in: stored)
        return nil
      }
    }
  }
}
