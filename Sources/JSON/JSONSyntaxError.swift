/// The reason why a text is not JSON that this product accepts.
public struct JSONSyntaxError: Error, Equatable, Sendable {
  /// The offset of the offending byte from the start of the text, in bytes, counted from 0.
  public let offset: Int
  /// What is wrong at that offset, as part of a sentence: "expected a value".
  public let reason: String
}
