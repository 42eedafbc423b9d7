import EventIndex
public import EventLog
import GRDB

extension SQLiteEventStore {
  /// Builds the index anew from the events, one segment after another. The log can be used meanwhile, and the old segments
  /// answer until the new ones take their place.
  ///
  /// - Parameter progress: receives the number of events that are done, and the number of all events, after each segment; an
  ///   error ends the work.
  /// - Throws: `EventStoreError` when the log cannot be read or written. What is done until then stays done.
  public func reindex(
    _ progress: @Sendable (_ done: Int, _ all: Int) throws -> Void
  ) async throws(EventStoreError) {
    do {
      var next: Int64 = 1
      var done = 0
      while let built = try await rebuilt(from: next) {
        let isReplaced = try await writer.run { [writer] database in
          let isReplaced = try writer.transaction(database) {
            guard let image = built.image else {
              try database.removeSegment(built.stored.id)
              return true
            }
            return try database.replace([built.stored], by: image)
          }
          writer.writeAheadLog.keepSmall(database)
          return isReplaced
        }
        // Otherwise it has been merged with others, and is no longer there.
        guard isReplaced else { continue }
        next = built.stored.ids.upper + 1
        done += built.stored.outline.count
        try progress(done, built.all)
      }
      try await writer.run { [writer] database in
        try writer.transaction(database) {
          for id in try database.segmentsWithoutOutline() { try database.removeSegment(id) }
        }
      }
    } catch {
      throw EventStoreError(error)
    }
    await sealer.catchUp()
  }

  private struct Rebuilt: Sendable {
    let stored: StoredSegment
    /// The segment as it should be; nil when its events cannot be read.
    let image: SegmentImage?
    /// The number of all events in segments.
    let all: Int
  }

  /// Builds the first segment anew that has an event with an id or a higher one.
  ///
  /// - Returns: nil when there is none.
  private func rebuilt(from id: Int64) async throws -> Rebuilt? {
    try await readOnPool { database in
      let segments = try database.segments()
      guard let stored = segments.first(where: { $0.ids.upper >= id }) else { return nil }
      var builder = SegmentBuilder()
      try SegmentSource(database).add(stored.ids, to: &builder) { _ in false }
      let isWhole = builder.count > 0 && builder.lastID == stored.ids.upper
      return Rebuilt(
        stored: stored, image: isWhole ? builder.finish() : nil,
        all: segments.reduce(0) { $0 + $1.outline.count })
    }
  }
}
