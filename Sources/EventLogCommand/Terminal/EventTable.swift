import EventLog
import Linux

/// Events as a table for people, with one line for each event.
struct EventTable {
  /// The width that a column, except for the last, has at most, in columns of the terminal.
  private static let maximumWidth = 32
  private static let titles = ["ID", "TIMESTAMP", "TYPE", "SOURCE", "MESSAGE"]
  /// The widths that suit most events.
  private static let usualWidths = [8, 24, 11, 12]

  private let isColored: Bool
  private var widths: [Int]
  private var hasHeading = false

  /// Makes a table without events.
  ///
  /// - Parameters:
  ///   - isColored: whether the types have colors.
  ///   - isOpen: whether the table goes on after the first events, so that its columns should be wide enough for others.
  init(isColored: Bool, isOpen: Bool = false) {
    self.isColored = isColored
    widths = isOpen ? Self.usualWidths : [0, 0, 0, 0]
  }

  /// Lays out more events. What was laid out before stays as it is; columns that are too narrow become wider.
  ///
  /// - Parameters:
  ///   - events: the events in the order of the rows.
  ///   - width: the terminal's width in columns, which the lines are cut to; nil cuts nothing.
  /// - Returns: the lines without the last line feed; the first call begins with the titles.
  mutating func text(_ events: [Event], width: Int?) -> String {
    let rows = events.map { event in
      [
        event.id.description, event.timestamp.description, event.draft.type.rawValue, event.draft.source,
        event.draft.message,
      ].map { $0.printable() }
    }
    let titles = hasHeading ? [] : [Self.titles]
    hasHeading = true
    for column in widths.indices {
      let widest = (titles + rows).map { $0[column].columns }.max() ?? 0
      widths[column] = max(widths[column], min(widest, Self.maximumWidth))
    }
    let types = titles.map { _ in nil } + events.map(\.draft.type)
    return zip(titles + rows, types).map { row, type in line(row, type, width: width) }.joined(
      separator: "\n")
  }

  private func line(_ row: [String], _ type: EventType?, width: Int?) -> String {
    let cells = zip(row, widths).map { cell, width in cell.cut(to: width).padded(to: width) }
    let line = cells.joined(separator: "  ") + "  " + (row.last ?? "")
    let shown = width.map(line.cut) ?? line
    guard isColored, let type else { return shown }
    // The cells before the type are ASCII, and so is the type.
    let start = cells[..<2].reduce(0) { $0 + $1.count + 2 }
    let scalars = shown.unicodeScalars
    let name = scalars.dropFirst(start).prefix(type.rawValue.count)
    let (before, after) = (scalars[..<name.startIndex], scalars[name.endIndex...])
    return name.isEmpty
      ? shown : "\(Substring(before))\u{1B}[\(type.color)m\(Substring(name))\u{1B}[0m\(Substring(after))"
  }
}

extension EventType {
  /// The color on a terminal, as a parameter of Select Graphic Rendition (ECMA-48 section 8.3.117).
  fileprivate var color: Int {
    switch self {
    case .error: 31
    case .userAction: 32
    case .system: 36
    case .info: 34
    }
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
