public import EventLog

extension EventWriter {
  public func text(of page: EventPage<Item>, maximumSize: Int) -> [UInt8]? {
    let size = page.events.reduce(0) { $0 + $1.size }
    guard size <= maximumSize else { return nil }
    var writer = self
    // Almost every format takes a few bytes around an event.
    writer.text.reserveCapacity(size + 2 * page.events.count + 16)
    for event in page.events { writer.append(event) }
    writer.finish()
    return writer.text
  }

  public func export(
    _ page: EventPage<Item>, more: Int?, from store: any EventPageSource,
    to write: ([UInt8]) async throws -> Void
  ) async throws {
    var writer = self
    var page = page
    var more = more
    let lastID = page.state.lastID
    while true {
      var following = more == 0 ? nil : page.next
      following?.limit = more
      following?.lastID = lastID
      // The next page is read while this one is written.
      async let nextPage = Self.page(following, from: store)
      for event in page.events {
        writer.append(event)
        if writer.text.count >= Self.partSize { try await write(writer.take()) }
      }
      guard let next = try await nextPage else { break }
      page = next
      more = more.map { $0 - page.events.count }
    }
    writer.finish()
    try await write(writer.take())
  }

  private static func page(
    _ query: EventQuery?, from store: any EventPageSource
  ) async throws(EventStoreError) -> EventPage<Item>? {
    if let query { try await store.page(query, of: Item.self) } else { nil }
  }

  private mutating func take() -> [UInt8] {
    defer { text.removeAll(keepingCapacity: true) }
    return text
  }

  /// The size that the text reaches before it is written, in bytes.
  private static var partSize: Int { 65_536 }
}
