public import EventLog

extension EventStore {
  /// Writes what a query asks for as text: as many events as its limit allows, else everything that was there at the
  /// start, in constant memory.
  ///
  /// - Parameters:
  ///   - query: which events.
  ///   - format: the text's.
  ///   - write: takes the next bytes of the text.
  /// - Throws: `EventStoreError`, and what `write` throws; some of the text may have been written then.
  public func export(
    _ query: EventQuery, as format: EventFormat, to write: ([UInt8]) async throws -> Void
  ) async throws {
    try await export(query, with: format.writer, to: write)
  }

  private func export<Writer: EventWriter>(
    _ query: EventQuery, with writer: Writer, to write: ([UInt8]) async throws -> Void
  ) async throws {
    let page = try await page(query, of: Writer.Item.self)
    let more = query.limit.map { $0 - page.events.count }
    try await writer.export(page, more: more, from: self, to: write)
  }
}
