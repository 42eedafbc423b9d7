/// Reads an ordinary JSON text from left to right, without making values of what is in it.
///
/// Texts in their billions are ordinary. Whatever is not, such as a syntax error, an escape in the wrong place or a member
/// that is given twice, makes a function return nil or false; the text then has to be parsed as a `JSONValue`, which knows
/// all rules and can tell what is wrong. So everything that is read here would be read in the same way there.
public struct JSONScanner {
  let text: UnsafeBufferPointer<UInt8>
  private(set) var position = 0

  /// - Parameter text: the text, which must remain valid while the scanner and what it returns are used.
  public init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
  }

  /// Whether nothing but white space follows.
  public var isAtEnd: Bool {
    mutating get {
      skipWhitespace()
      return position == text.count
    }
  }

  /// Reads white space and a punctuation mark.
  ///
  /// - Returns: whether the mark was there.
  public mutating func take(_ mark: Unicode.Scalar) -> Bool {
    skipWhitespace()
    guard next == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  /// Reads white space and `null`, if it is there.
  public mutating func takeNull() -> Bool {
    skipWhitespace()
    return takeWord("null")
  }

  /// Reads white space and a string, if one is there.
  public mutating func string() -> JSONStringText? {
    guard take("\"") else { return nil }
    let start = position
    var hasEscapes = false
    // The highest bit of a byte is set if any that was read is not printable ASCII.
    var others: UInt64 = 0
    while true {
      skipPlainWords(&others)
      guard let byte = next else { return nil }
      if byte == UInt8(ascii: "\"") { break }
      if byte < 0x20 { return nil }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        position += 1
      }
      others |= byte < 0x7F ? 0 : 0x80
      position += 1
    }
    guard position < text.count else { return nil }
    let bytes = UnsafeBufferPointer(rebasing: text[start..<position])
    position += 1
    return JSONStringText(
      bytes: bytes, hasEscapes: hasEscapes,
      isPrintableASCII: !hasEscapes && others & 0x8080_8080_8080_8080 == 0)
  }

  /// Skips bytes of a string, eight at a time, as long as these are neither quotes nor backslashes nor control characters.
  private mutating func skipPlainWords(_ others: inout UInt64) {
    let raw = UnsafeRawBufferPointer(text)
    while position + 8 <= raw.count {
      let word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      let special =
        word.bytes(below: 0x20) | word.bytes(equalTo: UInt8(ascii: "\""))
        | word.bytes(equalTo: UInt8(ascii: "\\"))
      if special != 0 { return }
      others |= word | word.bytes(equalTo: 0x7F)
      position += 8
    }
  }

  /// Reads a number (RFC 8259 section 6).
  mutating func takeNumber() -> Bool {
    _ = takeByte(UInt8(ascii: "-"))
    if !takeByte(UInt8(ascii: "0")) { guard takeDigits() else { return false } }
    if takeByte(UInt8(ascii: ".")) { guard takeDigits() else { return false } }
    if takeByte(UInt8(ascii: "e")) || takeByte(UInt8(ascii: "E")) {
      if !takeByte(UInt8(ascii: "+")) { _ = takeByte(UInt8(ascii: "-")) }
      guard takeDigits() else { return false }
    }
    return true
  }

  private mutating func takeDigits() -> Bool {
    let start = position
    while let byte = next, UInt8(ascii: "0") <= byte, byte <= UInt8(ascii: "9") { position += 1 }
    return position > start
  }

  mutating func takeWord(_ word: StaticString) -> Bool {
    let size = word.utf8CodeUnitCount
    guard position + size <= text.count, word.withUTF8Buffer({ text[position...].starts(with: $0) })
    else { return false }
    position += size
    return true
  }

  private mutating func takeByte(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  var next: UInt8? { position < text.count ? text[position] : nil }

  mutating func skipWhitespace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }
}
