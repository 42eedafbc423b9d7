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

  /// What one transaction may still take. The first append is taken whatever its size is, since it cannot be divided.
  struct Share {
    private(set) var events = 20_000
    /// The room for drafts in bytes.
    private(set) var size = 8 << 20
    private(set) var isUntouched = true

    mutating func take(_ append: Append) -> Bool {
      guard isUntouched || (append.drafts.count <= events && append.size <= size) else { return false }
      events -= append.drafts.count
      size -= append.size
      isUntouched = false
      return true
    }
  }

  private struct State {
    var waiting: [Append] = []
    /// Whether a transaction is going to ask for what waits.
    var isScheduled = false
    /// The time when the oldest append of the transaction under way came; nil when there is none.
    var oldestTaken: ContinuousClock.Instant?
  }

  private let state = Mutex(State())

  /// The number of appends that no transaction has taken.
  var count: Int { state.withLock { $0.waiting.count } }

  /// How long the oldest append has been waiting that is neither recorded nor refused; nil when there is none.
  var longestWait: Duration? {
    state.withLock { $0.oldestTaken ?? $0.waiting.first?.since }.map { .now - $0 }
  }

  /// Adds an append.
  ///
  /// - Returns: whether the caller must schedule a transaction.
  func add(_ append: Append) -> Bool {
    state.withLock { state in
      state.waiting.append(append)
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
  }

  /// Takes the oldest appends for a transaction.
  ///
  /// - Parameter share: what the transaction may take; what is taken is subtracted.
  /// - Returns: the appends, at least one if any waits and the share is untouched.
  func take(_ share: inout Share) -> [Append] {
    state.withLock { state in
      if state.waiting.isEmpty { return [] }
      let count = state.waiting.firstIndex { !share.take($0) } ?? state.waiting.count
      defer { state.waiting.removeFirst(count) }
      if state.oldestTaken == nil { state.oldestTaken = state.waiting.first?.since }
      return Array(state.waiting.prefix(count))
    }
  }

  /// Ends a transaction: what it took is recorded or refused.
  ///
  /// - Returns: whether the caller must schedule another transaction for what waits.
  func finish() -> Bool {
    state.withLock { state in
      state.oldestTaken = nil
      state.isScheduled = !state.waiting.isEmpty
      return state.isScheduled
    }
  }
}
