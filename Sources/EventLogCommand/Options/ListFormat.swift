import ArgumentParser
import EventLogFormats

/// The format in which `eventlog list` and `eventlog tail` show events.
enum ListFormat: Equatable {
  case table
  case events(EventFormat)

  /// The format where none is given.
  static var usual: ListFormat { Terminal.isConnected ? .table : .events(.ndjson) }

  init(option value: String) throws {
    if value == "table" {
      self = .table
    } else if let format = EventFormat(rawValue: value) {
      self = .events(format)
    } else {
      throw ValidationError("it must be table, \(EventFormat.allowedNames).")
    }
  }
}
