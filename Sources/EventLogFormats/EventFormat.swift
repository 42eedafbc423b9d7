import EventLog

/// A text format in which events are exported from the log and imported from files.
public enum EventFormat: String, CaseIterable, Sendable {
  /// One JSON array (RFC 8259).
  case json
  /// One JSON object per line, each ended by a line feed. Files may have objects that take several lines.
  case ndjson
  /// A header row and one row per event (RFC 4180). The cells of `tags` and `data` hold JSON texts. Files may separate
  /// cells by semicolons or tabs.
  case csv

  /// The extension of a file name, and the suffix of a path.
  public var suffix: String { rawValue }

  /// The names of all formats as part of a sentence: "json, ndjson or csv".
  public static var allowedNames: String {
    let names = allCases.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " or " + names.suffix(1).joined()
  }

  /// The first character of every text in this format that is not white space; nil when it may be any other one.
  private var firstByte: UInt8? {
    switch self {
    case .json: UInt8(ascii: "[")
    case .ndjson: UInt8(ascii: "{")
    case .csv: nil
    }
  }

  /// Recognizes the format of a text.
  ///
  /// - Parameter firstByte: the text's first byte that is not white space.
  init(firstByte: UInt8) {
    self = Self.allCases.first { $0.firstByte == firstByte } ?? .csv
  }

  /// A writer of texts in this format.
  public var writer: any EventWriter {
    switch self {
    case .json: JSONWriter()
    case .ndjson: NDJSONWriter()
    case .csv: CSVWriter()
    }
  }

  /// - Parameters:
  ///   - line: the line on which a text starts, counted from 1.
  ///   - dropped: the members that are left out, whatever their values are.
  ///   - defaults: what events have where the text does not say it.
  /// - Returns: a reader of texts in this format.
  func reader(
    line: Int, dropping dropped: Set<EventMember> = [], defaults: EventDefaults = EventDefaults()
  ) -> any EventReader {
    switch self {
    case .json: JSONReader(line: line, dropping: dropped, defaults: defaults)
    case .ndjson: NDJSONReader(line: line, dropping: dropped, defaults: defaults)
    case .csv: CSVReader(line: line, dropping: dropped, defaults: defaults)
    }
  }
}
