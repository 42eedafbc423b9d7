/// A place where events are kept. These comments are the contract; every store passes the same suite of tests.
///
/// The following holds for every store:
/// - Commit order is id order: a reader that has seen an event never later finds an older id that it was
///   not shown.
/// - Any number of tasks may call a store at once. Canceling the task of a read ends the read.
/// - Errors are of type `EventStoreError`. After an error, the store is as it was before the call.
public protocol EventStore: ReadableLog {
  /// Records events.
  ///
  /// When it returns, the events are as durable as the store can make them. They are consecutive in the log, in the
  /// order given, with ids above all earlier ones and the same timestamp. Either all of them are recorded or none.
  ///
  /// - Parameter drafts: the events to record; an empty array does nothing.
  /// - Returns: the recorded events, in the order of `drafts`.
  /// - Throws: `EventStoreError`; in that case, none of the drafts is recorded.
  @discardableResult
  func append(_ drafts: [EventDraft]) async throws(EventStoreError) -> [Event]

  /// Records events once, however often it is called under the same key: the key is as durable as the events, and they are
  /// recorded together. Otherwise, the contract is that of `append(_:)`.
  ///
  /// A key is kept for the time that the store was told, and is forgotten when there are more than
  /// `IdempotencyKey.maximumCount` younger ones. If an append under the same key is under way, this one waits for its end, at
  /// most for `IdempotencyKey.patience`.
  ///
  /// - Parameters:
  ///   - drafts: the events to record, at least one.
  ///   - key: the key, and a digest of what was sent with it.
  /// - Returns: the recorded events, which may have been recorded by an earlier call; nil, without any effect, when the key
  ///   was used with other content.
  /// - Throws: `EventStoreError`; in that case, none of the drafts is recorded. The reason is `underWay` when another append
  ///   under the key has not ended.
  func append(_ drafts: [EventDraft], under key: IdempotencyKey) async throws(EventStoreError) -> [Event]?

  /// Records events with their own ids and timestamps, unless other events have been recorded in the meantime.
  ///
  /// - Parameters:
  ///   - events: the events, with ascending ids above `lastID`.
  ///   - lastID: the newest id that was ever assigned; nil when none was.
  /// - Returns: true when the events were recorded; false, without any effect, when the newest id that was ever
  ///   assigned is a different one.
  /// - Throws: `EventStoreError`; in that case, none of the events is recorded.
  func restore(_ events: [Event], after lastID: EventID?) async throws(EventStoreError) -> Bool

  /// Records a part of an import and how far the import has come: both or neither.
  ///
  /// An item keeps its timestamp; without one, it gets the time of recording. It keeps its id if that is above all ids
  /// that were ever assigned; otherwise, it gets the next one. The part is consecutive in the log, like an append.
  ///
  /// - Parameter part: the events and the progress of the import before and after them.
  /// - Returns: what has become of the part; nil, without any effect, when the log does not hold the progress before it,
  ///   or holds one for the first part of the same input, since another process has gone on with the import.
  /// - Throws: `EventStoreError`; in that case, nothing is recorded.
  func record(_ part: ImportPart) async throws(EventStoreError) -> ImportPart.Outcome?

  /// Reads how far the imports have come that have not ended.
  ///
  /// - Returns: the progress of each of these imports, in any order.
  /// - Throws: `EventStoreError`.
  func unfinishedImports() async throws(EventStoreError) -> [ImportProgress]

  /// Forgets how far an import has come, since it has ended.
  ///
  /// - Parameter progress: the import's last progress.
  /// - Throws: `EventStoreError`.
  func endImport(_ progress: ImportProgress) async throws(EventStoreError)

  /// Proves that the store can be read and, if an append has failed since the last one that succeeded, that it can
  /// record again. It costs next to nothing as long as appends succeed.
  ///
  /// - Throws: `EventStoreError`, as a read or an append would.
  func checkAvailability() async throws(EventStoreError)

  /// Whether the log was written by an older version of this program, and must be brought up to date before it can be
  /// used. Until then, every call throws an error with the reason `migrating`.
  var isMigrating: Bool { get }

  /// Brings a log up to date that an older version of this program wrote. It blocks the thread until that is done.
  ///
  /// - Parameter progress: is called about once a second, with the time that it has taken so far, as long as it gets on.
  /// - Throws: `EventStoreError` when the log cannot be brought up to date; it is as it was before.
  func migrate(_ progress: @escaping @Sendable (Duration) throws -> Void) throws(EventStoreError)

  /// Does something at a moment when this process holds nothing of the log that others wait for, and holds nothing until it
  /// is done.
  ///
  /// - Parameter body: what to do.
  func betweenTransactions(_ body: @escaping @Sendable () -> Void) async

  /// Ends the use of the store, and puts what it keeps in order. It blocks the thread until that is done. Afterwards,
  /// every call throws an error.
  func close()
}

extension EventStore {
  /// Reads the state, which is sufficient proof when appends cannot fail.
  public func checkAvailability() async throws(EventStoreError) {
    _ = try await state()
  }

  public var isMigrating: Bool { false }

  public func migrate(_ progress: @escaping @Sendable (Duration) throws -> Void) throws(EventStoreError) {}

  /// Does it at once, which is enough where no other process uses the log.
  public func betweenTransactions(_ body: @escaping @Sendable () -> Void) async { body() }

  /// Does nothing, which is enough where nothing is kept.
  public func close() {}

  /// Records one event. The contract is that of `append(_:)` for an array.
  ///
  /// - Parameter draft: the event to record.
  /// - Returns: the recorded event.
  /// - Throws: `EventStoreError`; in that case, the draft is not recorded.
  @discardableResult
  public func append(_ draft: EventDraft) async throws(EventStoreError) -> Event {
    let events = try await append([draft])
    return events[0]
  }
}
