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

  /// Whether the page is full.
  var isEnough: Bool { events.count >= readLimit || room <= 0 }

  /// Whether the page has ended because its events are large, so that nobody knows whether there are more.
  var isCut: Bool { room <= 0 }

  mutating func append(_ event: Item) {
    events.append(event)
    room -= event.size
  }
}
