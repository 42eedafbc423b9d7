import EventLog

/// Collects the events of a page as they are found, in the order of reading.
struct FoundEvents<Item: EventPageItem> {
  private(set) var events: [Item] = []
  private let readLimit: Int
  /// The number of bytes that further events may take.
  private var room: Int

  init(_ query: EventQuery) {
    readLimit = query.readLimit
    room = query.pageBytes
  }

  /// Whether the page is full and the event after it has been seen.
  var isEnough: Bool { events.count >= readLimit || isCut }

  /// Whether the page ended early because its events are large, and at least one more follows.
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
