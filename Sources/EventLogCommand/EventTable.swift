import EventLog
import Foundation

/// Events as a table for people, with one line for each event.
struct EventTable: CustomStringConvertible {
  private let rows: [[String]]
  private let width: Int?

  /// Lays out events as a table.
  ///
  /// - Parameters:
  ///   - events: the events in the order of the rows.
  ///   - width: the terminal's width in columns, which the lines are cut to; nil cuts nothing.
  init(_ events: [Event], width: Int?) {
    rows =
      [["ID", "TIMESTAMP", "TYPE", "SOURCE", "MESSAGE"]]
      + events.map { event in
        [
          event.id.description, event.timestamp.description, event.draft.type.rawValue,
          event.draft.source, event.draft.message,
        ].map(\.onOneLine)
      }
    self.width = width
  }

  var description: String {
    let widths = (0..<4).map { column in min(rows.map { $0[column].count }.max() ?? 0, 32) }
    return rows.map { row in
      let line =
        zip(row, widths + [0]).map { cell, width in cell.cut(to: width).padded(to: width) }
        .dropLast().joined(separator: "  ") + "  " + (row.last ?? "")
      return width.map { line.cut(to: $0) } ?? line
    }.joined(separator: "\n")
  }
}

extension String {
  /// The text with spaces for control characters, which a terminal would obey, and which include line breaks.
  fileprivate var onOneLine: String {
    String(
      String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }

  fileprivate func cut(to width: Int) -> String {
    width > 0 && count > width ? prefix(width - 1) + "…" : self
  }

  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
