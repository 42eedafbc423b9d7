public import EventLog

extension EventPageSource {
  /// Writes the events that a query asks for as text, in constant memory: as many as its limit allows or, without a
  /// limit, all matching events that the log holds when the export starts.
  ///
  /// - Parameters:
  ///   - query: the events to write.
  ///   - format: the format of the text.
  ///   - write: receives the next bytes of the text.
  /// - Throws: `EventStoreError`, or what `write` throws. Part of the text may have been written by then.
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
