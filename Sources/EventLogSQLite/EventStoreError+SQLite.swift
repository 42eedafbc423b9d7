import EventLog
import GRDB

extension EventStoreError {
  /// Converts an error from GRDB or SQLite to the store's, which happens only here.
  init(_ error: any Error) {
    switch error {
    case let error as EventStoreError:
      self = error
    case is CancellationError:
      self.init(.cancelled, cause: "the caller went away")
    case let error as DatabaseError:
      let reason = Self.reason(error.extendedResultCode)
      self.init(
        reason, cause: reason == .full ? "the disk is full" : error.message ?? error.description)
    case is UTF8.ValidationError:
      self.init(.damaged, cause: "a text is not UTF-8")
    default:
      self.init(.unavailable, cause: String(describing: error))
    }
  }

  /// Returns the reason for a result code. The index of the write-ahead log grows with that log, and there may be no
  /// room for either.
  private static func reason(_ code: ResultCode) -> Reason {
    switch code {
    case .SQLITE_FULL, .SQLITE_IOERR_SHMSIZE: .full
    case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
    case .SQLITE_INTERRUPT: .cancelled
    case .SQLITE_CORRUPT: .damaged
    default: .unavailable
    }
  }
}
