import EventLog
import EventLogFormats
import EventLogSQLite
import Foundation

extension EventStore {
  /// Writes what a query asks for to a file, and waits for it.
  ///
  /// - Throws: `EventStoreError`; or `FileError` when the file does not take it.
  func export(_ query: EventQuery, as format: EventFormat, to file: FileHandle) throws {
    try waitFor {
      try await export(query, as: format) { bytes in
        do {
          try file.write(contentsOf: Data(bytes))
        } catch {
          throw FileError(error.localizedDescription)
        }
      }
    }
  }
}
