/// Why a store could not do what it was asked. Nothing was changed.
public struct EventStoreError: Error, Sendable {
  public enum Reason: Sendable {
    /// There is no room left on the device.
    case full
    /// Others kept the store busy for longer than a caller should wait; trying again may help.
    case busy
    /// It took longer than the store allows for one question; a narrower one may do.
    case timedOut
    /// The caller's task was cancelled.
    case cancelled
    /// What is stored cannot be what was recorded; trying again will not help.
    case damaged
    /// The store cannot be read or written; `cause` says why.
    case unavailable
  }

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
