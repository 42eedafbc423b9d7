import EventLog

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
