public import EventLog
public import EventLogAccess

extension ReadOnlyLog {
  /// Reads all keys, ended ones included.
  ///
  /// - Returns: the keys in the order of their names.
  /// - Throws: `EventStoreError` when the log cannot be read.
  public func keys() throws(EventStoreError) -> [AccessKey] {
    try read { try AccessTables($0).snapshot().keys }
  }
}
