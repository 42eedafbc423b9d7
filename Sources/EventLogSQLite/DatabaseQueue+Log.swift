import GRDB

extension DatabaseQueue {
  /// A connection to a log that others may be using, which only reads.
  ///
  /// - Parameter path: of a file that is there.
  /// - Returns: the connection.
  /// - Throws: when the file cannot be read, is no event log, or is a newer version's.
  static func readingLog(at path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(SQLiteEventStore.busyTimeout)
    let log = try DatabaseQueue(path: path, configuration: configuration)
    try log.read(Schema.refuseForeign)
    return log
  }
}
