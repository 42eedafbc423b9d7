/// What reading and writing CSV (RFC 4180) have in common.
///
/// A spreadsheet takes a cell that starts with `=`, `+`, `-`, `@`, a tab or a carriage return for a formula, and runs it
/// (OWASP, CSV injection). Such a cell gets an apostrophe before it, and so does one that already has apostrophes
/// before such a character: taking one away again gives back what was there.
enum EventCSV {
  static let apostrophe = UInt8(ascii: "'")

  /// Whether a spreadsheet would run the cell, but for apostrophes before it.
  static func isRisky(_ cell: some Collection<UInt8>) -> Bool {
    cell.first { $0 != apostrophe }.map("=+-@\t\r".utf8.contains) ?? false
  }
}
