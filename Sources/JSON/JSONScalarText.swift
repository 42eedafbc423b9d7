/// A scalar in a JSON text.
public enum JSONScalarText {
  case string(JSONStringText)
  /// The digits and signs of a number, in ASCII.
  case number(UnsafeBufferPointer<UInt8>)
  case bool(Bool)
  case null
}
