/// Where events are kept. These comments are the contract; every store passes the same suite of tests.
///
/// What holds for every store:
/// - Commit order is id order: a reader that has seen an event never later finds an older id that it was
///   not shown.
/// - Calls may come from any number of tasks at once. Cancelling the task of a read ends the read.
/// - Errors are `EventStoreError`; after one the store is as it was before the call.
public protocol EventStore: Sendable {
  /// Records events.
  ///
  /// When it returns, the events are as durable as the store can make them. They stand in the log next to
  /// each other, in the order given, with ids above all earlier ones and one timestamp. All are recorded or none.
  ///
  /// - Parameter drafts: what to record; empty does nothing.
  /// - Returns: the events, in the order of `drafts`.
  /// - Throws: `EventStoreError`; none of the drafts is recorded then.
  @discardableResult
  func append(_ drafts: [EventDraft]) async throws(EventStoreError) -> [Event]

  /// Reads one page of the events that match a query.
  ///
  /// It costs the same anywhere in the log: pages are found by id, never by counting.
  ///
  /// - Parameter query: which events, and which page of them.
  /// - Returns: at most `query.pageSize` events as they were at one moment.
  /// - Throws: `EventStoreError`.
  func page(_ query: EventQuery) async throws(EventStoreError) -> EventPage

  /// Reads one event.
  ///
  /// - Parameter id: of the event.
  /// - Returns: nil when there is none with this id.
  /// - Throws: `EventStoreError`.
  func event(_ id: EventID) async throws(EventStoreError) -> Event?

  /// The newest event's id; nil when the log is empty. The cheapest proof that the store answers.
  ///
  /// - Returns: no event that is recorded later has this id or an older one.
  /// - Throws: `EventStoreError`.
  func lastID() async throws(EventStoreError) -> EventID?

  /// Puts events with their ids and timestamps into an empty log.
  ///
  /// - Parameter events: with rising ids.
  /// - Returns: false, and nothing is done, when the log is not empty.
  /// - Throws: `EventStoreError`; none of the events is recorded then.
  func restore(_ events: [Event]) async throws(EventStoreError) -> Bool
}

extension EventStore {
  /// Records one event; see `append(_:)` for what is promised.
  @discardableResult
  public func append(_ draft: EventDraft) async throws(EventStoreError) -> Event {
    let events = try await append([draft])
    return events[0]
  }
}
