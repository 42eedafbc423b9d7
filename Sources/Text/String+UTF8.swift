extension String {
  /// Creates a string from bytes; fails when they are not UTF-8. `String(validating:as:)` does this for any encoding,
  /// but looks the encoding up each time, which takes thousands of instructions.
  ///
  /// - Parameter bytes: the bytes of the text.
  public init?(utf8 bytes: Span<UInt8>) {
    guard let text = try? UTF8Span(validating: bytes) else { return nil }
    self.init(copying: text)
  }
}
