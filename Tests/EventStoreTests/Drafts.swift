import EventLog

extension EventDraft {
  /// Returns a plain, valid draft.
  static func plain(
    _ message: String = "hello", type: EventType = .info, source: String = "test"
  ) -> EventDraft {
    EventDraft(
      storedType: type, source: source, message: message, userID: nil, requestID: nil, tags: [], data: nil)
  }
}

extension EventQuery {
  init(
    types: Set<EventType> = [], order: Order = .ascending, limit: Int? = nil, cursor: EventCursor? = nil
  ) {
    self.init()
    if !types.isEmpty { filter = .anyType(of: types) }
    self.order = order
    self.limit = limit
    self.cursor = cursor
  }
}

extension EventStore {
  /// Reads the page of a query and all pages that follow it in one direction.
  func pages(
    from query: EventQuery, direction: EventCursor.Direction = .next
  ) async throws -> [[Event]] {
    var pages: [[Event]] = []
    var query: EventQuery? = query
    while let current = query {
      let page = try await page(current)
      pages.append(page.events)
      query = direction == .next ? page.next : page.previous
    }
    return pages
  }
}

/// A generator that produces the same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
