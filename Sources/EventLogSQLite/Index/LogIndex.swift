import EventIndex
import EventLog
import GRDB
import Logging
import Synchronization

/// What this process knows about the index of a log: which segments there are, and the newest events, which are in none.
///
/// Every transaction sees the log at one moment, and several may see different ones. So what is kept here is checked against
/// the transaction that asks (`IndexView`).
final class LogIndex: Sendable {
  /// The most new events that are indexed in memory. They are sealed long before, unless something keeps the log from that.
  private static let maximumMemoryCount = 16_384
  /// The maximum size of all directories in memory, in bytes: those of some twenty million events.
  private static let maximumDirectorySize = 4 << 20

  /// The number of ids in no segment beyond which counting their events would take long.
  private static let largeGap: Int64 = 100_000

  /// The number of events that are quickly read one by one.
  private static let fewEvents: Int64 = 4096

  private struct State {
    var generation: Int64?
    var segments: [StoredSegment] = []
    var directories: [StoredSegment: Segment] = [:]
    var directorySize = 0
    var damaged: Set<StoredSegment> = []
    var isAlmostComplete = false
    /// The segments in memory, in the order of ids and without gaps in between.
    var memory: [MemorySegment] = []
  }

  private let state = Mutex(State())
  private let memorySegmentSize: Int
  private let logger: Logger

  /// - Parameters:
  ///   - memorySegmentSize: the number of new events that are indexed in memory together.
  ///   - logger: is told about damage, once for each segment.
  init(memorySegmentSize: Int, logger: Logger) {
    self.memorySegmentSize = memorySegmentSize
    self.logger = logger
  }

  /// The id of the newest event in a segment of the log, as far as this process knows.
  var sealedID: Int64 { state.withLock { $0.segments.last?.outline.lastID ?? 0 } }

  /// Whether few events have to be read because they are in no segment. It is false before the first look at the log.
  var isAlmostComplete: Bool { state.withLock(\.isAlmostComplete) }

  /// Notes how many events are in no segment.
  func note(unindexed count: Int64) {
    state.withLock { $0.isAlmostComplete = count <= Self.fewEvents }
  }

  /// Returns those segments whose bytes turned out not to be what was written.
  func damaged(of segments: [StoredSegment]) -> [StoredSegment] {
    let damaged = state.withLock(\.damaged)
    return damaged.isEmpty ? [] : segments.filter(damaged.contains)
  }

  /// Reads which segments there are in the log that a transaction sees.
  func segments(_ database: Database) throws -> [StoredSegment] {
    let generation = try database.indexGeneration()
    if let known = state.withLock({ $0.generation == generation ? $0.segments : nil }) { return known }
    let segments = try database.segments()
    state.withLock { state in
      // A transaction that began earlier must not bring back what it sees.
      guard state.generation ?? .min < generation else { return }
      state.generation = generation
      state.segments = segments
      let present = Set(segments)
      state.directories = state.directories.filter { present.contains($0.key) }
      state.directorySize = state.directories.values.reduce(0) { $0 + $1.size }
      let sealedID = segments.last?.outline.lastID ?? 0
      state.memory.removeAll { $0.ids.upper <= sealedID }
    }
    return segments
  }

  /// Counts the events. Where very many are in no segment, or they cannot be read, their ids are counted.
  ///
  /// - Parameter database: a connection in a read transaction.
  /// - Returns: the number of events, and of those that segments are about.
  /// - Throws: any error from SQLite.
  func count(_ database: Database) throws -> (all: Int, indexed: Int) {
    let segments = try segments(database)
    let indexed = segments.reduce(0) { $0 + $1.outline.count }
    let newestID = try database.cachedStatement(sql: "SELECT max(id) FROM event").firstInteger() ?? 0
    func count(_ ids: IDRange) throws -> Int64 {
      let size = ids.upper - ids.lower + 1
      if size > Self.largeGap { return size }
      do {
        return try database.cachedStatement(sql: "SELECT count(*) FROM event WHERE id BETWEEN ? AND ?")
          .firstInteger([ids.lower, ids.upper]) ?? 0
      } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
        return size
      }
    }
    var all = indexed
    var next: Int64 = 1
    for (end, upper) in segments.map({ ($0.outline.firstID, $0.outline.lastID) }) + [(newestID + 1, newestID)]
    {
      if end > next { all += Int(try count(IDRange(lower: next, upper: end - 1))) }
      next = upper + 1
    }
    return (all, indexed)
  }

  /// Returns a reader of a segment; nil when it is damaged.
  func reader(of stored: StoredSegment, _ database: Database) throws -> SegmentReader? {
    let storage = StoredSegmentReader(id: stored.id, database: database)
    let (known, isDamaged) = state.withLock { ($0.directories[stored], $0.damaged.contains(stored)) }
    if isDamaged { return nil }
    if let known { return SegmentReader(known, storage) }
    do {
      let segment = try Segment(stored.outline, directory: storage.directory())
      state.withLock { state in
        if state.directorySize + segment.size > Self.maximumDirectorySize {
          state.directories = [:]
          state.directorySize = 0
        }
        state.directories[stored] = segment
        state.directorySize += segment.size
      }
      return SegmentReader(segment, storage)
    } catch let damage as IndexDamage {
      note(damage, in: stored)
      return nil
    }
  }

  /// Notes that a segment is damaged: from now on, its events are read instead, until it is built anew.
  func note(_ damage: IndexDamage, in stored: StoredSegment) {
    let isNew = state.withLock { $0.damaged.insert(stored).inserted }
    guard isNew else { return }
    logger.error(
      """
      The index of the events \(stored.outline.firstID) to \(stored.outline.lastID) is damaged (\(damage)). No event and \
      no answer is affected, but searches take longer until that part is built anew.
      """)
  }

  /// Finds out whether a segment is damaged, by reading all of it.
  func check(_ stored: StoredSegment, _ reader: SegmentReader) {
    do {
      _ = try SegmentMerge.merge([reader])
    } catch let damage as IndexDamage {
      note(damage, in: stored)
    } catch {}
  }

  /// Finds the segments in memory that continue the segments of the log, up to the newest event that a transaction sees.
  /// Those that are missing are built if enough events have gathered.
  ///
  /// - Parameters:
  ///   - sealedID: the newest event in a segment of the log.
  ///   - newestID: the newest event.
  ///   - database: a connection in a read transaction.
  /// - Returns: the segments in the order of ids; none when too many events are in no segment of the log.
  /// - Throws: any error from SQLite.
  func memorySegments(after sealedID: Int64, upTo newestID: Int64, _ database: Database) throws
    -> [MemorySegment]
  {
    let known = state.withLock(\.memory)
    let isContinuation = known.first.map { $0.ids.lower <= sealedID + 1 } ?? true
    let indexedID = max(sealedID, known.last?.ids.upper ?? 0)
    guard isContinuation, newestID - sealedID <= Self.maximumMemoryCount else { return [] }
    guard newestID - indexedID >= Int64(memorySegmentSize) else { return known }
    var builder = SegmentBuilder()
    try SegmentSource(database).add(
      IDRange(lower: indexedID + 1, upper: newestID), to: &builder, until: \.isFull)
    guard builder.count > 0 else { return known }
    let built = try MemorySegment(builder.finish())
    return state.withLock { state in
      // Another transaction may have been quicker, or may have seen more.
      if state.memory.last?.ids.upper == known.last?.ids.upper,
        state.memory.isEmpty || state.memory.first?.ids.lower ?? 0 <= sealedID + 1
      {
        state.memory.append(built)
        return state.memory
      }
      return known + [built]
    }
  }
}
