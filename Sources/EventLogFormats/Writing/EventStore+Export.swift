public import EventLog

extension EventStore {
  /// Writes what a query asks for as text: as many events as its limit allows, else everything that was there at the
  /// start, in constant memory.
  ///
  /// - Parameters:
  ///   - query: which events.
  ///   - representation: their form.
  ///   - write: takes the next bytes of the text.
  /// - Throws: `EventStoreError`, and what `write` throws; some of the text may have been written then.
  public func export(
    _ query: EventQuery, as representation: EventRepresentation, to write: ([UInt8]) async throws -> Void
  ) async throws {
    switch representation {
    case .csv:
      try await export(
        query, as: representation,
        reading: { query throws(EventStoreError) in try await page(query, of: Event.self) }, to: write)
    case .json, .ndjson:
      try await export(
        query, as: representation,
        reading: { query throws(EventStoreError) in try await page(query, of: EventJSON.self) }, to: write)
    }
  }

  private func export<Item: EventTextItem>(
    _ query: EventQuery, as representation: EventRepresentation,
    reading read: @escaping EventPage<Item>.Reading,
    to write: ([UInt8]) async throws -> Void
  ) async throws {
    let page = try await read(query)
    let more = query.limit.map { $0 - page.events.count }
    try await page.export(as: representation, more: more, reading: read, to: write)
  }
}

extension EventPage where Item: EventTextItem {
  /// How a store reads such pages.
  typealias Reading = @Sendable (EventQuery) async throws(EventStoreError) -> EventPage

  /// Writes the events of this page, and those that follow it and were there when it was read.
  ///
  /// - Parameters:
  ///   - representation: their form.
  ///   - more: how many of those that follow; nil is all of them.
  ///   - read: reads their pages.
  ///   - write: takes the next bytes of the text.
  /// - Throws: `EventStoreError`, and what `write` throws.
  func export(
    as representation: EventRepresentation, more: Int?, reading read: @escaping Reading,
    to write: ([UInt8]) async throws -> Void
  ) async throws {
    var text = EventText(representation)
    var page = self
    var more = more
    while true {
      var following = more == 0 ? nil : page.next
      following?.limit = more
      following?.lastID = lastID
      // The next page is read while this one is written.
      async let nextPage = Self.read(following, read)
      for event in page.events {
        event.append(to: &text)
        if text.count >= Self.partSize { try await write(text.take()) }
      }
      guard let next = try await nextPage else { break }
      page = next
      more = more.map { $0 - page.events.count }
    }
    text.finish()
    try await write(text.take())
  }

  private static func read(
    _ query: EventQuery?, _ read: Reading
  ) async throws(EventStoreError) -> EventPage? {
    if let query { try await read(query) } else { nil }
  }

  /// How much of the text is made before it is written, in bytes.
  private static var partSize: Int { 65_536 }
}
