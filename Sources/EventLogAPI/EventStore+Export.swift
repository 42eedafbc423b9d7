public import EventLog

extension EventStore {
  /// Writes what a query asks for as text: one page where it has a limit, else everything that was there at the start,
  /// in constant memory.
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
    case .csv: try await page(query).export(as: representation, reading: page, to: write)
    case .json, .ndjson: try await jsonPage(query).export(as: representation, reading: jsonPage, to: write)
    }
  }
}

extension EventPage where Item: EventTextItem {
  /// How a store reads such pages.
  typealias Reading = @Sendable (EventQuery) async throws(EventStoreError) -> EventPage

  /// Writes the events of this page and, where its query has no limit, of all that follow it and were there when it was
  /// read.
  func export(
    as representation: EventRepresentation, reading read: @escaping Reading,
    to write: ([UInt8]) async throws -> Void
  ) async throws {
    var text = EventText(representation)
    var page = self
    while true {
      var following = page.next?.limit == nil ? page.next : nil
      following?.lastID = lastID
      // The next page is read while this one is written.
      async let nextPage = Self.read(following, read)
      for event in page.events {
        event.append(to: &text)
        if text.count >= Self.partSize { try await write(text.take()) }
      }
      guard let next = try await nextPage else { break }
      page = next
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
