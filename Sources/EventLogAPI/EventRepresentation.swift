public import EventLog
import HTTPCore

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

/// Events as text in one representation, made piece by piece.
public struct EventText: Sendable {
  private let representation: EventRepresentation
  private var isFirst = true
  /// What was made since it was last taken.
  private var bytes: [UInt8] = []

  public init(_ representation: EventRepresentation) {
    self.representation = representation
    switch representation {
    case .json: bytes.append(UInt8(ascii: "["))
    case .ndjson: break
    case .csv: bytes.appendCSVHeader()
    }
  }

  /// Bytes that are to be taken.
  public var count: Int { bytes.count }

  public mutating func append(_ event: Event) {
    switch representation {
    case .json:
      if !isFirst { bytes.append(contentsOf: ",\n".utf8) }
      bytes.appendJSON(event)
    case .ndjson:
      bytes.appendJSON(event)
      bytes.append(UInt8(ascii: "\n"))
    case .csv: bytes.appendCSV(event)
    }
    isFirst = false
  }

  /// Ends the text.
  public mutating func finish() {
    if representation == .json { bytes.append(contentsOf: "]\n".utf8) }
  }

  /// Empties it.
  public mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }
}
