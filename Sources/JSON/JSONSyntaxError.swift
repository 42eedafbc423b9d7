/// Why a text is not JSON as this product accepts it.
public struct JSONSyntaxError: Error, Equatable, Sendable {
  /// Offset of the offending byte from the start of the text, counted from 0.
  public let offset: Int
  /// What is wrong there, as the end of a sentence: "expected a value".
  public let reason: String
}
