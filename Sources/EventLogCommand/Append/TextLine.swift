import EventLogFormats

/// A line of an input.
struct TextLine {
  /// The line's number, counted from 1.
  let line: Int
  let content: Result<String, InvalidEntry>
}
