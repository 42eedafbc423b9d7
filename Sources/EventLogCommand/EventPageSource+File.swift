import EventLog
import EventLogFormats
import Linux
import SystemPackage

extension EventPageSource {
  /// Writes the events that a query finds to a file, and returns when all of them are written.
  ///
  /// - Parameters:
  ///   - query: the events to write, and their order.
  ///   - format: the format to write them in.
  ///   - file: the file, which stays open.
  /// - Throws: `EventStoreError` when the events cannot be read; `SystemCallError` when the file cannot be written.
  func export(_ query: EventQuery, as format: EventFormat, to file: FileDescriptor) throws {
    try waitFor {
      try await export(query, as: format) { bytes in
        try file.write(all: bytes)
      }
    }
  }
}
