import EventLog

/// Pages that were read lately, as long as nothing is recorded: what many readers ask for again and again is found once.
struct PageCache {
  private static let maximumPages = 32
  /// Bytes of all events together.
  private static let maximumSize = 1 << 20

  private struct Key: Hashable {
    /// The form of the page's events.
    let item: ObjectIdentifier
    /// The bytes of the query: texts that Swift holds for equal, such as the two forms of `é`, are two texts to a log.
    let query: [UInt8]
  }

  private var version: Int64 = 0
  private var pages: [Key: any Sendable] = [:]
  /// Bytes of all events.
  private(set) var size = 0

  var count: Int { pages.count }

  /// Forgets what was read of another state of the log.
  mutating func keepOnly(version: Int64) {
    guard version != self.version else { return }
    self.version = version
    removeAll()
  }

  /// - Parameters:
  ///   - query: of the page.
  ///   - read: reads the page where it is not here.
  /// - Returns: the page.
  /// - Throws: what `read` throws.
  mutating func page<Item>(
    _ query: EventQuery, reading read: () throws -> EventPage<Item>
  ) rethrows -> EventPage<Item> {
    let key = Key(item: ObjectIdentifier(Item.self), query: Self.bytes(of: query))
    if let page = pages[key] as? EventPage<Item> { return page }
    let page = try read()
    let pageSize = page.events.reduce(0) { $0 + $1.size }
    if pages.count == Self.maximumPages || size + pageSize > Self.maximumSize { removeAll() }
    if pageSize <= Self.maximumSize {
      pages[key] = page
      size += pageSize
    }
    return page
  }

  private static func bytes(of query: EventQuery) -> [UInt8] {
    var bytes: [UInt8] = []
    for (name, value) in query.parameters + [("last", query.lastID?.description ?? "")] {
      bytes += name.utf8
      bytes.append(0)
      bytes += value.utf8
      bytes.append(0)
    }
    return bytes
  }

  private mutating func removeAll() {
    pages.removeAll(keepingCapacity: true)
    size = 0
  }
}
