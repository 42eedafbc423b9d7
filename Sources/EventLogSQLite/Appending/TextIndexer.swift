import EventLog
import GRDB
import Synchronization

/// Adds events to the text index, in steps between which appends get their turn.
///
/// A step indexes many events, which takes half the work of indexing them one by one, but never so much text that an
/// append would have to wait for long.
final class TextIndexer: Sendable {
  /// The most text that one step indexes, unless the first event has more, in bytes.
  private static let stepSize = 128 << 10
  /// The time after which a step takes no further event. Events of 64 KiB that share no three characters with others take
  /// more than 100 ms each.
  private static let stepTime = Duration.milliseconds(50)
  /// The divisor of a step's duration that gives the pause after it, in which other processes get their turn.
  private static let pausePart = 4

  private struct State {
    var isScheduled = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let writer: LogWriter
  /// The number of events that gather before they are indexed, and the most that one step indexes.
  private let batchSize: Int64
  private let state = Mutex(State())

  init(_ writer: LogWriter, batchSize: Int64) {
    self.writer = writer
    self.batchSize = batchSize
  }

  /// Begins to index if enough events have gathered. A failure makes searches slower and has no other effect.
  ///
  /// - Parameter database: the connection that writes, outside a transaction.
  func startIfDue(_ database: Database) {
    if let isDue = try? isDue(database), isDue { start() }
  }

  /// Returns whether a number of events is enough for a step by itself.
  func isBatch(_ count: Int) -> Bool { Int64(count) >= batchSize }

  /// Begins to index, unless that is under way.
  func start() {
    let isFirst = state.withLock { state in
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
    if isFirst { scheduleStep() }
  }

  /// Suspends until no batch is left to index, or indexing has failed.
  func catchUp() async {
    await withCheckedContinuation { continuation in
      state.withLock { $0.waiting.append(continuation) }
      start()
    }
  }

  private func scheduleStep() {
    writer.schedule { [weak self] in self?.step($0) }
  }

  private func step(_ database: Database) {
    let start = ContinuousClock.now
    guard let isDue = try? index(database), isDue else {
      let waiting = state.withLock { state in
        defer { state = State() }
        return state.waiting
      }
      for continuation in waiting { continuation.resume() }
      return
    }
    let pause = (.now - start) / Self.pausePart
    Task.detached { [self] in
      try? await Task.sleep(for: pause)
      scheduleStep()
    }
  }

  /// Indexes the next events if enough have gathered.
  ///
  /// - Parameter database: the connection that writes, outside a transaction.
  /// - Returns: whether enough are left for another step.
  /// - Throws: `EventStoreError`; nothing is indexed then.
  private func index(_ database: Database) throws -> Bool {
    defer { writer.writeAheadLog.keepSmall(database) }
    return try writer.transaction(database) {
      // Another process may have indexed them in the meantime.
      guard try isDue(database) else { return false }
      let lastID = try TextIndex.lastID(database)
      // After a restore, ids may be far apart, so the batch is counted in events and not in ids.
      let rows = try database.cachedStatement(
        sql: "SELECT id, source, message FROM event WHERE id > ? ORDER BY id LIMIT ?")
      let insertion = try database.cachedStatement(
        sql: "INSERT INTO event_text (rowid, text) VALUES (?, ?)")
      var indexed = lastID
      var room = Self.stepSize
      let deadline = ContinuousClock.now + Self.stepTime
      try rows.forEachRow([lastID, batchSize]) { row in
        let (source, message) = (row.bytes(1), row.bytes(2))
        room -= source.count + message.count
        if room < 0 || .now > deadline, indexed > lastID { return false }
        indexed = row.integer(0)
        // A damaged text must not keep the events after it from being indexed.
        let text =
          CaseFolding.fold(String(decoding: source, as: UTF8.self)) + [UInt8(ascii: "\n")]
          + CaseFolding.fold(String(decoding: message, as: UTF8.self))
        try insertion.run([indexed, String(decoding: text, as: UTF8.self)])
        return true
      }
      try database.execute(sql: "UPDATE text_index SET last_id = ?", arguments: [indexed])
      return try isDue(database)
    }
  }

  /// Returns whether enough events have gathered. Where ids are not consecutive, fewer are enough.
  private func isDue(_ database: Database) throws -> Bool {
    let backlog = try database.cachedStatement(
      sql: "SELECT max(id) - (SELECT last_id FROM text_index) FROM event"
    ).firstInteger()
    return (backlog ?? 0) >= batchSize
  }
}
