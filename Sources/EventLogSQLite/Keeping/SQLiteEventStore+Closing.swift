import EventLog
import GRDB
import Glibc
import Synchronization

extension SQLiteEventStore {
  /// Writes what was noted of keys, ends the reads that are under way, and leaves the log as a single file unless other processes use it. A log whose
  /// files were removed or replaced is left as it is.
  public func close() {
    sealer.stop()
    watch.stop()
    writeLastNotes()
    guard gate.close() else { return }
    // A search may take long, and so may a migration. A read that has just begun is interrupted the next time.
    repeat {
      database.interrupt()
      usleep(1000)
    } while poolReads.load(ordering: .sequentiallyConsistent) > 0
    // An interruption lasts until the next statement, and would also keep SQLite from copying below.
    try? database.writeWithoutTransaction { try $0.execute(sql: "SELECT 1") }
    briefReaders.close()
    try? gate.files.checkEach()
    if gate.files.isDisplaced { return database.writeWithoutTransaction(gate.files.rescue) }
    // The connection that writes is the last one: SQLite copies the write-ahead log into the database when the last
    // connection ends, and one that only reads cannot do that.
    database.releaseMemory()
    try? database.close()
  }
}
