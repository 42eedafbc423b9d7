import EventLog
import Text

/// Recently read pages, kept until something is recorded: a page that many readers request is found only once.
struct PageCache {
  private static let maximumPages = 32
  /// The maximum size of all events together, in bytes.
  private static let maximumSize = 1 << 20

  private var version: Int64 = 0
  private var pages: [EventQuery: any Sendable] = [:]
  /// The size of all events together, in bytes.
  private(set) var size = 0

  var count: Int { pages.count }

  /// Forgets the pages that were read from another state of the log.
  mutating func keepOnly(version: Int64) {
    guard version != self.version else { return }
    self.version = version
    removeAll()
  }

  /// Returns a page from the cache, or reads it. Only texts are cached, because their exact size is known.
  ///
  /// - Parameters:
  ///   - query: the page's query.
  ///   - read: reads the page when it is not cached.
  /// - Returns: the page.
  /// - Throws: what `read` throws.
  mutating func page<Item>(
    _ query: EventQuery, reading read: () throws -> EventPage<Item>
  ) rethrows -> EventPage<Item> {
    guard Item.self == EventJSON.self else { return try read() }
    if let page = pages[query] as? EventPage<Item> { return page }
    let page = try read()
    let pageSize = page.events.reduce(0) { $0 + $1.size }
    if pages.count == Self.maximumPages || size + pageSize > Self.maximumSize { removeAll() }
    if pageSize <= Self.maximumSize {
      pages[query] = page
      size += pageSize
    }
    return page
  }

  private mutating func removeAll() {
    pages.removeAll(keepingCapacity: true)
    size = 0
  }
}
