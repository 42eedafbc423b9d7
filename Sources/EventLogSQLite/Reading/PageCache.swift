import EventLog

/// Pages that were read lately, as long as nothing is recorded: what many readers ask for again and again is found once.
struct PageCache {
  private static let maximumPages = 32
  /// Bytes of all texts together.
  private static let maximumSize = 1 << 20

  private var version: Int64 = 0
  /// By the bytes of the query: texts that Swift holds for equal, such as the two forms of `é`, are two texts to a log.
  private var pages: [[UInt8]: EventPage<EventJSON>] = [:]
  /// Bytes of all texts.
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
  mutating func page(
    _ query: EventQuery, reading read: () throws -> EventPage<EventJSON>
  ) rethrows -> EventPage<EventJSON> {
    let key = Self.key(of: query)
    if let page = pages[key] { return page }
    let page = try read()
    let pageSize = page.events.reduce(0) { $0 + $1.text.count }
    if pages.count == Self.maximumPages || size + pageSize > Self.maximumSize { removeAll() }
    if pageSize <= Self.maximumSize {
      pages[key] = page
      size += pageSize
    }
    return page
  }

  private static func key(of query: EventQuery) -> [UInt8] {
    var key: [UInt8] = []
    for (name, value) in query.parameters + [("last", query.lastID?.description ?? "")] {
      key += name.utf8
      key.append(0)
      key += value.utf8
      key.append(0)
    }
    return key
  }

  private mutating func removeAll() {
    pages.removeAll(keepingCapacity: true)
    size = 0
  }
}
