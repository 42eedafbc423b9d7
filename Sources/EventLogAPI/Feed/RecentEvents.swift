import EventLog

/// The newest events that the feed has passed on, so that whoever connects again reads them from memory.
struct RecentEvents {
  /// About how many events are kept, and at most twice as many.
  static let count = 1000
  /// About how much is kept, and at most twice as much, in bytes of the events' members.
  private static let size = 1 << 20

  /// All events after this one are here; nil when all of the log are.
  private var start: EventID?
  private var events: [FeedEvent] = []
  private var size = 0

  /// - Parameter start: the newest event that was not passed on; nil when none was recorded before.
  init(after start: EventID?) {
    self.start = start
  }

  /// Adds what comes next in the log.
  mutating func append(_ more: [FeedEvent]) {
    events += more
    size += more.reduce(0) { $0 + $1.event.draft.size }
    guard events.count > 2 * Self.count || size > 2 * Self.size else { return }
    var kept = events.endIndex
    var keptSize = 0
    while kept > events.startIndex, events.endIndex - kept < Self.count, keptSize < Self.size {
      kept -= 1
      keptSize += events[kept].event.draft.size
    }
    if kept > events.startIndex { start = events[kept - 1].event.id }
    events.removeFirst(kept)
    size = keptSize
  }

  /// Returns what was recorded after an event.
  ///
  /// - Parameter id: the event; nil for all of the log.
  /// - Returns: nil when some of it is no longer here.
  func events(after id: EventID?) -> ArraySlice<FeedEvent>? {
    guard let id else { return start == nil ? events[...] : nil }
    if let start, id < start { return nil }
    let last = events.lastIndex { $0.event.id <= id }
    return events[(last.map { $0 + 1 } ?? events.startIndex)...]
  }
}
