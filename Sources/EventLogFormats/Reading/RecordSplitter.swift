/// Cuts a text into its records: the elements of a JSON array, the lines of NDJSON, the rows of CSV.
///
/// It only looks for the borders; whether a record is well formed is told when it is read. The text comes in parts of
/// any size, and what is kept of it is bounded.
protocol RecordSplitter: Sendable {
  associatedtype Record: Sendable

  /// - Parameter line: the line on which the text starts, counted from 1.
  init(line: Int)

  /// - Parameter bytes: the next part of the text.
  /// - Returns: the records that end in it.
  mutating func split(_ bytes: [UInt8]) -> [FileEntry<Record>]

  /// - Returns: what is left when the text has ended.
  mutating func finish() -> [FileEntry<Record>]
}

extension RecordSplitter {
  /// More than an event can have in any format, in bytes.
  static var maximumSize: Int { 4 << 20 }
}
