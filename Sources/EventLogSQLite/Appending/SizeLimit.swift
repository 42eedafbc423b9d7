import EventLog
import GRDB

/// The most that a log may take on disk.
struct SizeLimit: Sendable {
  /// What a transaction may add to the write-ahead log besides its new pages, in bytes.
  private static let reserve = 64 << 10

  /// The largest size of the database and its write-ahead log together, in bytes.
  let maximum: Int

  /// Makes room by emptying the write-ahead log where that has become large in relation to what is left.
  ///
  /// - Parameters:
  ///   - database: the connection that writes, outside a transaction.
  ///   - writeAheadLog: the log to empty.
  /// - Throws: any error from SQLite.
  func prepare(_ database: Database, _ writeAheadLog: WriteAheadLog) throws {
    let size = writeAheadLog.size
    if size > 0, try database.size() + 2 * size > maximum { writeAheadLog.truncate(database) }
  }

  /// Checks what a transaction will leave on disk.
  ///
  /// - Parameters:
  ///   - database: the connection, in the transaction.
  ///   - writeAheadLog: the log that the transaction will be written to.
  ///   - sizeBefore: the size of the database before the changes, in bytes.
  ///   - room: the number of bytes for which there must still be room afterwards.
  /// - Throws: `EventStoreError` with the reason `full`, or any error from SQLite.
  func check(
    _ database: Database, _ writeAheadLog: WriteAheadLog, sizeBefore: Int, leaving room: Int
  ) throws {
    let size = try database.size()
    let written = size - sizeBefore + Self.reserve
    guard size + writeAheadLog.size + written + room <= maximum else {
      throw EventStoreError(
        .full, cause: "the log has reached its largest size, \(maximum) bytes (--max-size)")
    }
  }
}
