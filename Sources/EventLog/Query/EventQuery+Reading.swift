/// How a store reads a page: it starts at one place, reads in one direction, and reads one event more than the page
/// holds.
extension EventQuery {
  /// Whether positions ascend in the order of reading. A previous page is read backward.
  public var readsAscending: Bool {
    (order == .ascending) != (cursor?.direction == .previous)
  }

  /// The maximum number of events on a page.
  public var pageSize: Int {
    limit ?? Self.streamingPageSize
  }

  /// The size in bytes at which a page may end before it is full. The event that reaches this size is still on the
  /// page. A thousand events may take up a hundred megabytes, and many clients may request them at once.
  public var pageBytes: Int {
    limit == nil ? 1 << 20 : 2 << 20
  }

  /// The number of events to read: one more than the page holds, to determine whether another page exists.
  public var readLimit: Int {
    pageSize + 1
  }
}
