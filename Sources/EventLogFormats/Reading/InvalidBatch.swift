public import EventLog

/// The reason why a batch cannot be recorded.
public enum InvalidBatch: Error, Sendable {
  /// The most errors that are named.
  static let maximumErrors = 100

  case isEmpty
  case hasTooMany
  /// The first errors, at least one, in the order of the text.
  case hasErrors([Entry])

  /// What is wrong with one event.
  public struct Entry: Sendable, Equatable {
    /// The number of events before this one.
    public let index: Int
    /// The line on which the event starts, counted from 1.
    public let line: Int
    /// The place in the event, and what is wrong there.
    public let error: InvalidMember
    /// Whether the event can be read at all.
    public let isReadable: Bool

    init(index: Int, line: Int, error: InvalidMember, isReadable: Bool = true) {
      self.index = index
      self.line = line
      self.error = error
      self.isReadable = isReadable
    }

    static func all(_ error: InvalidEntry, index: Int, line: Int) -> [Entry] {
      if error.members.isEmpty {
        let whole = InvalidMember(pointer: "", detail: error.description)
        return [Entry(index: index, line: line, error: whole, isReadable: false)]
      }
      return error.members.map { Entry(index: index, line: line, error: $0) }
    }
  }
}
