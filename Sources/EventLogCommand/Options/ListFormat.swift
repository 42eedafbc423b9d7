import ArgumentParser
import EventLogFormats

/// The format in which `eventlog list` shows events.
enum ListFormat: Equatable {
  case table
  case events(EventFormat)

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
