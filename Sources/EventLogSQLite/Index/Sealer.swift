import EventIndex
import EventLog
import GRDB
import Glibc
import Synchronization

/// Puts events into segments after they were recorded, and merges segments.
///
/// Segments are built from rows outside of the writer's transactions; a short one swaps them in. So an append waits for
/// some milliseconds at most. Whoever appends seals, and if two processes do so at the same time, the second swap is
/// refused.
final class Sealer: Sendable {
  /// The time after which sealing is tried again when it has failed.
  private static let retryInterval = Duration.seconds(5)
  /// The size of new texts from which they are sealed, in bytes, however few events they belong to.
  private static let maximumTextSize = 1 << 20
  /// The number of segments that are merged.
  private static let mergeCount = 8

  /// The number of batches by which sealing may be behind before whoever records a lot at once has to wait.
  private static let maximumBacklog: Int64 = 4

  private struct State {
    var isRunning = false
    var isStopping = false
    var hasObsoleteIndexes = true
    var retryAt = ContinuousClock.now
    /// The size of the texts that this process has recorded since it last sealed, in bytes.
    var textSize = 0
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let index: LogIndex
  private let writer: LogWriter
  private let database: DatabasePool
  /// The number of new events that make a segment.
  private let batchSize: Int
  private let state = Mutex(State())

  init(_ index: LogIndex, _ writer: LogWriter, _ database: DatabasePool, batchSize: Int) {
    self.index = index
    self.writer = writer
    self.database = database
    self.batchSize = batchSize
  }

  /// Begins to seal if enough events have gathered. A failure makes searches slower and has no other effect.
  ///
  /// - Parameters:
  ///   - lastID: the newest event.
  ///   - textSize: the size of the texts that were recorded since the last call, in bytes.
  func startIfDue(lastID: Int64, textSize: Int) {
    let isDue = state.withLock { state in
      state.textSize += textSize
      return state.textSize >= Self.maximumTextSize && state.retryAt <= .now
    }
    if isDue || lastID - index.sealedID >= Int64(batchSize) { start() }
  }

  /// Begins to seal what is due, unless that is under way.
  func start() {
    let isFirst = state.withLock { state in
      if state.isRunning || state.isStopping || state.retryAt > .now { return false }
      state.isRunning = true
      return true
    }
    guard isFirst else { return }
    Task.detached(priority: .utility) { [weak self] in await self?.run() }
  }

  /// Suspends if sealing is far behind, until it has caught up. Whoever records a lot at once could otherwise do so faster
  /// than it is indexed.
  ///
  /// - Parameter lastID: the newest event.
  func makeRoom(lastID: Int64) async {
    if (lastID - index.sealedID) / Self.maximumBacklog >= Int64(batchSize) { await catchUp() }
  }

  /// Ends the work after the step that is under way, and blocks the thread until then.
  func stop() {
    state.withLock { $0.isStopping = true }
    while state.withLock(\.isRunning) { usleep(1000) }
  }

  /// Suspends until nothing is due, or sealing has failed.
  func catchUp() async {
    start()
    await withCheckedContinuation { continuation in
      let isRunning = state.withLock { state in
        if state.isRunning { state.waiting.append(continuation) }
        return state.isRunning
      }
      if !isRunning { continuation.resume() }
    }
  }

  private func run() async {
    var isLarge = false
    repeat {
      do {
        guard try await step(&isLarge) else { break }
      } catch {
        state.withLock { $0.retryAt = .now + Self.retryInterval }
        break
      }
    } while !state.withLock(\.isStopping)
    let waiting = state.withLock { state in
      defer { (state.waiting, state.isRunning) = ([], false) }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Makes one segment, or removes one.
  ///
  /// - Parameter isLarge: whether new texts are so large that they are sealed, however few events they belong to.
  /// - Returns: whether there may be more to do.
  /// - Throws: any error from SQLite, or `EventStoreError` when the log cannot be changed.
  private func step(_ isLarge: inout Bool) async throws -> Bool {
    if try await removeDamaged() { return true }
    if try await dropObsoleteIndexes() { return true }
    let hasLargeTexts = state.withLock { state in
      if state.textSize < Self.maximumTextSize { return false }
      state.textSize = 0
      return true
    }
    let isLargeNow = isLarge || hasLargeTexts
    guard let work = try await database.read({ [self] in try work($0, isLarge: isLargeNow) }) else {
      return false
    }
    isLarge = isLargeNow && work.replaced.isEmpty
    try await swap(work)
    return true
  }

  /// Removes a segment that is damaged, so that another one is built.
  private func removeDamaged() async throws -> Bool {
    let damaged = try await database.read { [index] in index.damaged(of: try index.segments($0)) }
    guard let first = damaged.first else { return false }
    try await writer.run { [writer] database in
      try writer.transaction(database) { try database.removeSegment(first.id) }
    }
    return true
  }

  /// Removes a part of what earlier versions kept instead of this index.
  ///
  /// - Returns: whether there may be more.
  private func dropObsoleteIndexes() async throws -> Bool {
    guard state.withLock(\.hasObsoleteIndexes) else { return false }
    let isDone = try await writer.run { [writer] database in
      guard try ObsoleteIndexes.exist(in: database) else { return true }
      try writer.transaction(database) { try ObsoleteIndexes.dropSome(of: database) }
      writer.writeAheadLog.keepSmall(database)
      return false
    }
    if isDone { state.withLock { $0.hasObsoleteIndexes = false } }
    return !isDone
  }

  /// A segment that was built, and those that it replaces.
  private struct Work: Sendable {
    let image: SegmentImage
    let replaced: [StoredSegment]
  }

  /// Finds out what is due, and does it as far as it takes no writing.
  private func work(_ database: Database, isLarge: Bool) throws -> Work? {
    let segments = try index.segments(database)
    let newestID = try database.cachedStatement(sql: "SELECT max(id) FROM event").firstInteger() ?? 0
    var next: Int64 = 1
    for segment in segments {
      if next < segment.outline.firstID,
        let work = try seal(IDRange(lower: next, upper: segment.outline.firstID - 1), database)
      {
        return work
      }
      next = segment.outline.lastID + 1
    }
    let isDue = isLarge || newestID - next + 1 >= Int64(batchSize)
    if isDue, let work = try seal(IDRange(lower: next, upper: newestID), database) { return work }
    return try merge(segments, database)
  }

  private func seal(_ ids: IDRange, _ database: Database) throws -> Work? {
    var builder = SegmentBuilder()
    try SegmentSource(database).add(ids, to: &builder) { $0.isFull || $0.count >= batchSize }
    return builder.count == 0 ? nil : Work(image: builder.finish(), replaced: [])
  }

  private func merge(_ segments: [StoredSegment], _ database: Database) throws -> Work? {
    let run = try SegmentRun.due(in: segments, count: Self.mergeCount) { ids in
      do {
        return try database.cachedStatement(sql: "SELECT 1 FROM event WHERE id BETWEEN ? AND ? LIMIT 1")
          .firstInteger([ids.lower, ids.upper]) == nil
      } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
        return false
      }
    }
    guard let run else { return nil }
    let readers = try run.map { try index.reader(of: $0, database) }
    guard !readers.contains(where: { $0 == nil }) else { return nil }
    do {
      return Work(image: try SegmentMerge.merge(readers.compactMap(\.self)), replaced: run)
    } catch is IndexDamage {
      for (segment, reader) in zip(run, readers) {
        if let reader { index.check(segment, reader) }
      }
      return nil
    }
  }

  private func swap(_ work: Work) async throws {
    try await writer.run { [writer] database in
      try writer.transaction(database) { _ = try database.replace(work.replaced, by: work.image) }
      writer.writeAheadLog.keepSmall(database)
    }
  }
}
