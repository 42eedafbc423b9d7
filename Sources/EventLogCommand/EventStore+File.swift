import EventLog
import EventLogFormats
import Linux
import SystemPackage

extension EventStore {
  /// Writes what a query asks for to a file, and waits for it.
  ///
  /// - Throws: `EventStoreError`; or `SystemCallError` when the file does not take it.
  func export(_ query: EventQuery, as format: EventFormat, to file: FileDescriptor) throws {
    try waitFor {
      try await export(query, as: format) { bytes in
        try file.write(all: bytes)
      }
    }
  }
}
