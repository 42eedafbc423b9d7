/// Splits a text into records: the elements of a JSON array, the objects of NDJSON, or the rows of CSV.
///
/// A splitter only looks for boundaries; reading a record shows whether it is well formed. The text arrives in parts of
/// any size, and the amount of it that is kept is bounded (`BoundedBytes`).
protocol RecordSplitter: Sendable {
  associatedtype Record: Sendable

  /// - Parameter line: the line on which the text starts, counted from 1.
  init(line: Int)

  /// - Parameter bytes: the next part of the text.
  /// - Returns: the records that end in this part.
  mutating func split(_ bytes: [UInt8]) -> [FileEntry<Record>]

  /// - Returns: the records that remain when the text has ended.
  mutating func finish() -> [FileEntry<Record>]
}
