import EventLog
import GRDB
import Glibc

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

  /// Converts an error of a connection that writes. SQLite takes only ENOSPC for a lack of room; the reasons why there is
  /// none for this user or for this process look like any other failure of a device.
  ///
  /// - Parameters:
  ///   - error: the error from GRDB or SQLite.
  ///   - database: the connection on which it occurred last.
  init(_ error: any Error, of database: Database) {
    let isFailureOfDevice = (error as? DatabaseError)?.resultCode == .SQLITE_IOERR
    let numbers = isFailureOfDevice ? database.systemErrors : []
    if numbers.contains(EDQUOT) {
      self.init(.full, cause: "the disk quota is used up")
    } else if numbers.contains(EFBIG) {
      self.init(.full, cause: "the file may not become larger; see ulimit -f")
    } else {
      self.init(error)
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
