/// How far an import has come. The log keeps it for as long as the import has not ended, so that an import that was
/// interrupted can go on where it stopped.
public struct ImportProgress: Hashable, Sendable {
  /// What the events of an import keep of what the log gives to other events.
  public enum Keeping: Int64, Sendable {
    case nothing
    case timestamps
    case idsAndTimestamps
  }

  /// A digest of all events of the input, which tells imports apart, or the name of an input without an end.
  public let input: String
  public let keeping: Keeping
  /// The number of the input's events, from the first one on, that are in the log or were left out.
  public let count: Int
  /// A digest of these events. An input that starts with the same events can go on with the import. For an input without an
  /// end, it is the place in it.
  public let digest: String

  public init(input: String, keeping: Keeping, count: Int, digest: String) {
    self.input = input
    self.keeping = keeping
    self.count = count
    self.digest = digest
  }
}

/// What is recorded of the systemd journal is an import that never ends.
extension ImportProgress {
  private static let journal = "journal"

  /// Makes the progress of a reader of the journal.
  ///
  /// - Parameters:
  ///   - count: the number of events that were recorded.
  ///   - place: the place in the journal.
  /// - Returns: the progress.
  public static func ofJournal(count: Int, _ place: String) -> ImportProgress {
    ImportProgress(input: journal, keeping: .nothing, count: count, digest: place)
  }

  /// Whether this is the progress of a reader of the journal.
  public var isOfJournal: Bool { input == Self.journal }
}
