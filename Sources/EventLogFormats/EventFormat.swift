/// A format in which events leave the log as text, and come in from files.
public enum EventFormat: String, CaseIterable, Sendable {
  /// One array (RFC 8259).
  case json
  /// One object a line, each ended by a line feed.
  case ndjson
  /// A header row and a row an event (RFC 4180). `tags` and `data` are JSON texts in their cells.
  case csv

  /// The extension of a file's name, and the suffix of a path.
  public var suffix: String { rawValue }

  /// What writes a text in this format.
  public var writer: any EventWriter {
    switch self {
    case .json: JSONWriter()
    case .ndjson: NDJSONWriter()
    case .csv: CSVWriter()
    }
  }

  /// - Parameter line: the line on which a text starts, counted from 1.
  /// - Returns: what reads the text in this format.
  func reader(line: Int) -> any EventReader {
    switch self {
    case .json: JSONReader(line: line)
    case .ndjson: NDJSONReader(line: line)
    case .csv: CSVReader(line: line)
    }
  }
}
