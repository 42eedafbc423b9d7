/// How a store reads a page: from one place in one direction, one event more than the page holds.
extension EventQuery {
  /// Whether positions rise in the order of reading. A previous page is read backwards.
  public var readsAscending: Bool {
    (order == .ascending) != (cursor?.direction == .previous)
  }

  /// The most events on a page.
  public var pageSize: Int {
    limit ?? Self.streamingPageSize
  }

  /// Bytes of events after which a page may end before it is full: with the event that reaches them. A thousand events
  /// may be a hundred megabytes, and many may ask for them.
  public var pageBytes: Int {
    limit == nil ? 1 << 20 : 2 << 20
  }

  /// How many events to read: one more than the page holds, to learn whether there is another page.
  public var readLimit: Int {
    pageSize + 1
  }
}
