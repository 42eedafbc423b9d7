import Text

/// Reads an ordinary JSON text from left to right, without making values of what is in it.
///
/// Texts in their billions are ordinary. Whatever is not, such as a syntax error, an escape in the wrong place or a member
/// that is given twice, makes a function return nil or false; the text then has to be parsed as a `JSONValue`, which knows
/// all rules and can tell what is wrong. So everything that is read here would be read in the same way there.
public struct JSONScanner {
  /// The deepest value that is ordinary. It is well within `JSONValue.maximumDepth`, wherever the text is a part of another.
  private static let maximumDepth = 16
  /// The largest number of members of an ordinary object: each name is compared with all before it.
  private static let maximumMembers = 24

  private let text: UnsafeBufferPointer<UInt8>
  private var position = 0

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

  /// Reads white space and any value, and appends it on a single line, without white space between its tokens, as
  /// `appendJSON(_:)` would write it.
  ///
  /// - Parameter compact: receives the value; after a failure, any part of it. Strings are not checked to be UTF-8.
  /// - Returns: whether an ordinary value was there, in which no string has an escape or a control character.
  public mutating func appendValue(to compact: inout [UInt8]) -> Bool {
    appendValue(to: &compact, depth: 1)
  }

  private mutating func appendValue(to compact: inout [UInt8], depth: Int) -> Bool {
    skipWhitespace()
    guard let byte = next, depth <= Self.maximumDepth else { return false }
    let start = position
    switch byte {
    case UInt8(ascii: "{"): return appendMembers(to: &compact, depth: depth)
    case UInt8(ascii: "["):
      return appendList(to: &compact, "[", "]") { scanner, compact in
        scanner.appendValue(to: &compact, depth: depth + 1)
      }
    case UInt8(ascii: "\""): return appendString(to: &compact) != nil
    case UInt8(ascii: "t"): guard takeWord("true") else { return false }
    case UInt8(ascii: "f"): guard takeWord("false") else { return false }
    case UInt8(ascii: "n"): guard takeWord("null") else { return false }
    default: guard takeNumber() else { return false }
    }
    compact.append(contentsOf: text[start..<position])
    return true
  }

  private mutating func appendMembers(to compact: inout [UInt8], depth: Int) -> Bool {
    var names: [UnsafeBufferPointer<UInt8>] = []
    return appendList(to: &compact, "{", "}") { scanner, compact in
      guard let name = scanner.appendString(to: &compact), names.count < Self.maximumMembers,
        !names.contains(where: { $0.elementsEqual(name) }), scanner.take(":")
      else { return false }
      names.append(name)
      compact.append(UInt8(ascii: ":"))
      return scanner.appendValue(to: &compact, depth: depth + 1)
    }
  }

  private mutating func appendList(
    to compact: inout [UInt8], _ open: Unicode.Scalar, _ close: Unicode.Scalar,
    _ appendItem: (inout JSONScanner, inout [UInt8]) -> Bool
  ) -> Bool {
    guard take(open) else { return false }
    compact.append(UInt8(ascii: open))
    if !take(close) {
      while true {
        guard appendItem(&self, &compact) else { return false }
        if take(close) { break }
        guard take(",") else { return false }
        compact.append(UInt8(ascii: ","))
      }
    }
    compact.append(UInt8(ascii: close))
    return true
  }

  private mutating func appendString(to compact: inout [UInt8]) -> UnsafeBufferPointer<UInt8>? {
    // DEL and C1 are written with an escape.
    guard let string = string(), !string.hasEscapes,
      string.isPrintableASCII || !string.bytes.contains(where: { $0 == 0x7F || $0 == 0xC2 })
    else { return nil }
    compact.append(UInt8(ascii: "\""))
    compact.append(contentsOf: string.bytes)
    compact.append(UInt8(ascii: "\""))
    return string.bytes
  }

  /// Reads a number (RFC 8259 section 6).
  private mutating func takeNumber() -> Bool {
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

  private mutating func takeWord(_ word: StaticString) -> Bool {
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

  private var next: UInt8? { position < text.count ? text[position] : nil }

  private mutating func skipWhitespace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }
}

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
