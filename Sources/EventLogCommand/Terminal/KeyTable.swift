import EventLog
import EventLogAccess
import Text

/// Keys as a table for people, with one line for each key.
struct KeyTable: CustomStringConvertible {
  private let rows: [[String]]

  /// - Parameters:
  ///   - keys: the keys in the order of the rows.
  ///   - now: the time, which tells which keys have ended.
  init(_ keys: [AccessKey], at now: Timestamp) {
    rows =
      [["NAME", "ROLES", "SOURCE", "MADE", "LAST USED", "ENDS"]]
      + keys.map { key in
        [
          key.name.string, KeyRole.allCases.filter(key.roles.contains).map(\.rawValue).joined(separator: ","),
          key.source?.string ?? "any", key.created.description, key.lastUsed?.description ?? "never",
          (key.ends?.description ?? "never") + (key.isEnded(at: now) ? " (ended)" : ""),
        ].map { $0.printable() }
      }
  }

  var description: String {
    let widths = (0..<5).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
        .joined(separator: "  ") + "  " + (row.last ?? "")
    }.joined(separator: "\n")
  }
}
