/// What stands at one place of a file: a record, or the event that is read from it.
public struct FileEntry<Content: Sendable>: Sendable {
  /// The line on which it starts, counted from 1.
  public let line: Int
  public let content: Result<Content, InvalidEntry>
}
