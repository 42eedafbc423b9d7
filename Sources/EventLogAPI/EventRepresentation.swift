import EventLog
import HTTPCore
import JSON

/// A form in which events leave the log, and come in from files.
public enum EventRepresentation: String, CaseIterable, Sendable {
  /// One array (RFC 8259).
  case json
  /// One object a line, each ended by a line feed.
  case ndjson
  /// A header row and a row an event (RFC 4180). `tags` and `data` are JSON texts in their cells.
  case csv

  /// The extension of a file's name, and the suffix of a path.
  public var suffix: String { rawValue }

  var mediaType: MediaType {
    switch self {
    case .json: .json
    case .ndjson: MediaType(type: "application", subtype: "x-ndjson")
    case .csv: MediaType(type: "text", subtype: "csv", charset: "utf-8")
    }
  }

  /// The value of `Content-Type`.
  var contentType: String {
    // RFC 4180 section 3 says whether there is a header row.
    self == .csv ? "\(mediaType); header=present" : mediaType.description
  }
}
