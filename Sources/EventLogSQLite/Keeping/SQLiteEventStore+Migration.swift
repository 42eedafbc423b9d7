public import EventLog
import GRDB
import Logging

extension SQLiteEventStore {
  public var isMigrating: Bool { gate.isMigrating }

  /// Brings the schema up to date. It takes seconds for a million events, and does nothing if the schema is current.
  ///
  /// If another process is doing the same, this one waits for its end.
  public func migrate(_ progress: @escaping @Sendable (Duration) throws -> Void) throws(EventStoreError) {
    guard gate.isMigrating else { return }
    do {
      try database.writeWithoutTransaction { [gate, writer] database in
        let start = ContinuousClock.now
        try database.reportingProgress({ (try? progress(.now - start)) != nil }) {
          while true {
            do {
              try Schema.migrate(database)
              break
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && !gate.isClosed {
              try progress(.now - start)
            }
          }
        }
        gate.open()
        writer.writeAheadLog.truncate(database)
      }
    } catch {
      throw Self.cannotOpen(gate.files.path, error)
    }
    startWork()
  }
}
