import Text

/// A string in a JSON text.
public struct JSONStringText {
  /// The bytes between the quotes, which may not be UTF-8.
  public let bytes: UnsafeBufferPointer<UInt8>
  public let hasEscapes: Bool
  /// Whether the bytes are the string, and each is from 0x20 to 0x7E.
  public let isPrintableASCII: Bool

  /// The string; nil when it is not UTF-8 or an escape is not valid.
  public var string: String? {
    if !hasEscapes { return String(utf8: bytes.span) }
    let quote = CollectionOfOne(UInt8(ascii: "\""))
    guard case .string(let string) = try? JSONValue(parsing: Array(quote) + bytes + quote) else { return nil }
    return string
  }
}
