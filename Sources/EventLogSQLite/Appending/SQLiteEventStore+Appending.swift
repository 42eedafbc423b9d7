public import EventLog

extension SQLiteEventStore {
  @discardableResult
  public func append(_ drafts: [EventDraft]) async throws(EventStoreError) -> [Event] {
    if drafts.isEmpty { return [] }
    return try await outcome(of: drafts, under: nil).events
  }

  public func append(
    _ drafts: [EventDraft], under key: IdempotencyKey
  ) async throws(EventStoreError) -> [Event]? {
    try await keysUnderWay.begin(key.text)
    defer { keysUnderWay.end(key.text) }
    switch try await outcome(of: drafts, under: key) {
    case .recorded(let events): return events
    case .repeated(let ids):
      let events = try await events(ids)
      guard events.count == Int(ids.upper - ids.lower + 1) else {
        throw EventStoreError(
          .damaged, cause: "events that were recorded under an idempotency key are missing")
      }
      return events
    case .refused: return nil
    }
  }

  private func outcome(
    of drafts: [EventDraft], under key: IdempotencyKey?
  ) async throws(EventStoreError) -> AppendQueue.Outcome {
    // During a migration, the connection that writes is not free.
    try gate.checkBeforeTransaction()
    let outcome = try await committer.append(drafts, under: key)
    let events = outcome.events
    if events.count > 1, let last = events.last { await sealer.makeRoom(lastID: last.id.number) }
    return outcome
  }
}
