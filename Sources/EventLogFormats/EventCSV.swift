/// The rules that reading and writing CSV (RFC 4180) have in common.
///
/// A spreadsheet takes a cell that starts with `=`, `+`, `-` or `@`, also as a full-width character, or with a carriage
/// return, for a formula and runs it (OWASP, CSV injection). One that separates cells by semicolons or tabs, as many do
/// by their language, also sees a cell after each of these, and one after each line feed, since it does not see quotes
/// there. In all these places, an apostrophe is written in front of such a character, and also in front of apostrophes
/// that precede one: removing one apostrophe in each of them always restores the original.
enum EventCSV {
  static let apostrophe = UInt8(ascii: "'")
  static let quote = UInt8(ascii: "\"")

  /// Finds where a spreadsheet would run something, apart from any apostrophes in front of it.
  ///
  /// - Parameter cell: the cell with or without apostrophes in front of what is risky.
  /// - Returns: the offsets at which an apostrophe belongs, or is when the cell has been written already.
  static func riskyPlaces(in cell: Span<UInt8>) -> [Int] {
    var places: [Int] = []
    var mayStartCell = true
    for offset in cell.indices {
      if mayStartCell, isRisky(cell, from: offset) { places.append(offset) }
      mayStartCell =
        switch cell[offset] {
        case UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "\n"): true
        default: false
        }
    }
    return places
  }

  private static func isRisky(_ cell: Span<UInt8>, from offset: Int) -> Bool {
    var offset = offset
    while offset < cell.count, cell[offset] == apostrophe { offset += 1 }
    guard offset < cell.count else { return false }
    switch cell[offset] {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "\r"):
      return true
    case 0xEF where offset + 2 < cell.count && cell[offset + 1] == 0xBC:
      // These are the last bytes of U+FF1D, U+FF0B, U+FF0D and U+FF20 in UTF-8.
      switch cell[offset + 2] {
      case 0x9D, 0x8B, 0x8D, 0xA0: return true
      default: return false
      }
    default: return false
    }
  }
}
