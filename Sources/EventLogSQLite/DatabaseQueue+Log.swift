import GRDB

extension DatabaseQueue {
  /// Opens a read-only connection to a log that others may be using.
  ///
  /// - Parameter path: the path of a file that exists.
  /// - Returns: the connection.
  /// - Throws: an error when the file cannot be read, is not an event log, or was written by a newer version.
  static func readingLog(at path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(SQLiteEventStore.busyTimeout)
    let log = try DatabaseQueue(path: path, configuration: configuration)
    try log.read(Schema.refuseForeign)
    return log
  }
}
