/// The content at one place in a file: a record, or the event that is read from it.
public struct FileEntry<Content: Sendable>: Sendable {
  /// The line on which the entry starts, counted from 1.
  public let line: Int
  public let content: Result<Content, InvalidEntry>

  public init(line: Int, content: Result<Content, InvalidEntry>) {
    self.line = line
    self.content = content
  }
}
