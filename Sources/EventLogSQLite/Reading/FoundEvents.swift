import EventLog

/// Gathers the events of a page as they are found, in the order of reading.
struct FoundEvents<Item: EventPageItem> {
  private(set) var events: [Item] = []
  private let readLimit: Int
  /// Bytes that events may still take.
  private var room: Int

  init(_ query: EventQuery) {
    readLimit = query.readLimit
    room = query.pageBytes
  }

  /// Whether the page is full and what comes after it was seen.
  var isEnough: Bool { events.count >= readLimit || isCut }

  /// Whether the page has ended because its events are large, and there is at least one more.
  private(set) var isCut = false

  mutating func append(_ event: Item) {
    if room <= 0 {
      isCut = true
      return
    }
    events.append(event)
    room -= event.size
  }
}
