/// The reason why a store could not do what it was asked to do. Nothing was changed.
public struct EventStoreError: Error, Sendable {
  public enum Reason: Sendable {
    /// No space is left on the device, or no id is left.
    case full
    /// Others kept the store busy for longer than a caller should wait; a retry may succeed.
    case busy
    /// Another append under the same key has not ended; a retry may succeed.
    case underWay
    /// The log was written by an older version of this program and is being brought up to date; a retry will succeed.
    case migrating
    /// The log's files were removed, replaced or moved. A retry may succeed when they are back.
    case displaced
    /// The query took longer than the store allows; a narrower one may succeed.
    case timedOut
    /// The caller's task was canceled.
    case cancelled
    /// The stored data cannot be what was recorded; a retry will not help.
    case damaged
    /// The store cannot be read or written; `cause` says why.
    case unavailable
  }

  /// The newest event has the highest number that an id can have.
  package static let noIDLeft = EventStoreError(
    .full, cause: "the newest event has the highest possible id, so that no other event can be recorded")

  public let reason: Reason
  /// What happened, for the operator's log; never shown to clients.
  public let cause: String

  public init(_ reason: Reason, cause: String) {
    self.reason = reason
    self.cause = cause
  }
}

extension EventStoreError: CustomStringConvertible {
  public var description: String { cause }
}
