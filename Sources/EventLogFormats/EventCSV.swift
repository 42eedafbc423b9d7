/// The rules that reading and writing CSV (RFC 4180) have in common.
///
/// A spreadsheet treats a cell that starts with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula and runs it
/// (OWASP, CSV injection). Such a cell is written with an apostrophe in front, and so is a cell that already has
/// apostrophes in front of such a character: removing one apostrophe always restores the original.
enum EventCSV {
  static let apostrophe = UInt8(ascii: "'")
  static let quote = UInt8(ascii: "\"")

  /// Returns whether a spreadsheet would run the cell, apart from any apostrophes in front of it.
  static func isRisky(_ cell: some Collection<UInt8>) -> Bool {
    cell.first { $0 != apostrophe }.map("=+-@\t\r".utf8.contains) ?? false
  }
}
