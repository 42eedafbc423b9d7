import ArgumentParser
import EventLogFormats

/// What the lines of standard input are for `append`.
enum AppendFormat: String, CaseIterable {
  /// Each line is a message.
  case text
  /// One array of events.
  case json
  /// Each line is an event as a JSON object.
  case ndjson
  /// Each line is an entry of the systemd journal.
  case journal

  init(option value: String) throws {
    guard let format = AppendFormat(rawValue: value) else {
      throw ValidationError("it must be text, json, ndjson or journal.")
    }
    self = format
  }
}
