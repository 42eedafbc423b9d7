extension String {
  /// Makes a text of bytes; nil when they are not UTF-8. `String(validating:as:)` does it for any encoding, which it
  /// looks up each time, in thousands of instructions.
  package init?(utf8 bytes: Span<UInt8>) {
    guard let text = try? UTF8Span(validating: bytes) else { return nil }
    self.init(copying: text)
  }
}
