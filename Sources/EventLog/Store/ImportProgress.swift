/// How far an import has come. The log keeps it for as long as the import has not ended, so that an import that was
/// interrupted can go on where it stopped.
public struct ImportProgress: Hashable, Sendable {
  /// What the events of an import keep of what the log gives to other events.
  public enum Keeping: Int64, Sendable {
    case nothing
    case timestamps
    case idsAndTimestamps
  }

  /// A digest of all events of the input, which tells imports apart.
  public let input: String
  public let keeping: Keeping
  /// The number of the input's events, from the first one on, that are in the log or were left out.
  public let count: Int
  /// A digest of these events. An input that starts with the same events can go on with the import.
  public let digest: String

  public init(input: String, keeping: Keeping, count: Int, digest: String) {
    self.input = input
    self.keeping = keeping
    self.count = count
    self.digest = digest
  }
}
