/// The reason why none of the log records of a request can be taken.
public enum InvalidOTLP: Error, Equatable, Sendable {
  /// The content is not what it is said to be; the text is part of a sentence.
  case malformed(String)
  case hasTooMany
}
