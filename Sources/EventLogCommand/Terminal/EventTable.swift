import EventLog
import Linux

/// Events as a table for people, with one line for each event.
struct EventTable: CustomStringConvertible {
  /// The width that a column, except for the last, has at most, in columns of the terminal.
  private static let maximumWidth = 32

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
        ].map { $0.printable() }
      }
    self.width = width
  }

  var description: String {
    let widths = (0..<4).map { column in min(rows.map { $0[column].columns }.max() ?? 0, Self.maximumWidth) }
    return rows.map { row in
      let cells = zip(row, widths).map { cell, width in cell.cut(to: width).padded(to: width) }
      let line = cells.joined(separator: "  ") + "  " + (row.last ?? "")
      return width.map(line.cut) ?? line
    }.joined(separator: "\n")
  }
}

extension String {
  /// The number of columns that the text takes on a terminal.
  fileprivate var columns: Int { unicodeScalars.reduce(0) { $0 + $1.columns } }

  /// Returns as much of the text as fits into a width, with an ellipsis in place of what does not.
  fileprivate func cut(to width: Int) -> String {
    var used = 0
    // The end of what would fit together with the ellipsis.
    var end = startIndex
    for index in unicodeScalars.indices {
      used += unicodeScalars[index].columns
      if used > width { return self[..<end] + "…" }
      if used < width { end = unicodeScalars.index(after: index) }
    }
    return self
  }

  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - columns))
  }
}
