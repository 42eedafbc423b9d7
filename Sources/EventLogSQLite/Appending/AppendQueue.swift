import EventLog
import Synchronization

/// The appends that wait for a transaction, in the order in which they came.
final class AppendQueue: Sendable {
  /// An append whose caller is suspended until it is recorded or has failed.
  struct Append: Sendable {
    let drafts: [EventDraft]
    /// The key under which the drafts are recorded at most once; nil when they are recorded in any case.
    let key: IdempotencyKey?
    let continuation: CheckedContinuation<Result<Outcome, EventStoreError>, Never>
    /// The size of the drafts in bytes.
    let size: Int
    let since = ContinuousClock.now

    /// Whether the append takes so little time that it goes before large ones.
    var isSmall: Bool { drafts.count <= 100 && size <= 1 << 18 }

    init(
      _ drafts: [EventDraft], under key: IdempotencyKey?,
      _ continuation: CheckedContinuation<Result<Outcome, EventStoreError>, Never>
    ) {
      self.drafts = drafts
      self.key = key
      self.continuation = continuation
      size = drafts.reduce(0) { $0 + $1.size }
    }
  }

  /// What has become of an append.
  enum Outcome: Sendable {
    case recorded([Event])
    /// The events were recorded before, under the same key.
    case repeated(IDRange)
    /// The key was used with other content.
    case refused

    /// The events that were recorded now.
    var events: [Event] { if case .recorded(let events) = self { events } else { [] } }
  }

  /// What one transaction may still take. Small appends come first, so that they never wait for many large ones; these have at
  /// least half of the room. At least one of them is taken, whatever its size is, since it cannot be divided.
  struct Share {
    private(set) var events = 10_000
    /// The room for drafts in bytes.
    private(set) var size = 8 << 20
    private var hasLarge = false

    mutating func take(_ append: Append) -> Bool {
      if append.isSmall {
        guard append.drafts.count <= events - 5_000, append.size <= size - 4 << 20 else { return false }
      } else {
        guard !hasLarge || (append.drafts.count <= events && append.size <= size) else { return false }
        hasLarge = true
      }
      events -= append.drafts.count
      size -= append.size
      return true
    }
  }

  private struct State {
    var small: [Append] = []
    var large: [Append] = []
    /// Whether a transaction is going to ask for what waits.
    var isScheduled = false
    /// The time when the oldest append of the transaction under way came; nil when there is none.
    var oldestTaken: ContinuousClock.Instant?

    var count: Int { small.count + large.count }
    /// The time when the oldest append that waits came.
    var oldest: ContinuousClock.Instant? {
      [small.first?.since, large.first?.since].compactMap(\.self).min()
    }
  }

  private let state = Mutex(State())

  /// The number of appends that no transaction has taken.
  var count: Int { state.withLock(\.count) }

  /// How long the oldest append has been waiting that is neither recorded nor refused; nil when there is none.
  var longestWait: Duration? {
    state.withLock { $0.oldestTaken ?? $0.oldest }.map { .now - $0 }
  }

  /// Adds an append.
  ///
  /// - Returns: whether the caller must schedule a transaction.
  func add(_ append: Append) -> Bool {
    state.withLock { state in
      if append.isSmall { state.small.append(append) } else { state.large.append(append) }
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
  }

  /// Takes appends for a transaction: of the small and of the large ones, the oldest.
  ///
  /// - Parameter share: what the transaction may take; what is taken is subtracted.
  /// - Returns: the appends, at least one if any waits and nothing was taken before.
  func take(_ share: inout Share) -> [Append] {
    state.withLock { state in
      let oldest = state.oldest
      let taken = state.small.takeFirst(of: &share) + state.large.takeFirst(of: &share)
      if state.oldestTaken == nil, !taken.isEmpty { state.oldestTaken = oldest }
      return taken
    }
  }

  /// Ends a transaction: what it took is recorded or refused.
  ///
  /// - Returns: whether the caller must schedule another transaction for what waits.
  func finish() -> Bool {
    state.withLock { state in
      state.oldestTaken = nil
      state.isScheduled = state.count > 0
      return state.isScheduled
    }
  }
}

extension [AppendQueue.Append] {
  fileprivate mutating func takeFirst(of share: inout AppendQueue.Share) -> [AppendQueue.Append] {
    let count = firstIndex { !share.take($0) } ?? count
    defer { removeFirst(count) }
    return Array(prefix(count))
  }
}
