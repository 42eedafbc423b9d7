import Text

extension [UInt8] {
  /// Appends a literal's text in UTF-8, without quotes and without escaping.
  public mutating func append(_ literal: StaticString) {
    literal.withUTF8Buffer { append(contentsOf: $0) }
  }

  public mutating func append(copying bytes: Span<UInt8>) {
    bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
  }

  /// Appends a string in quotes. What RFC 8259 section 7 requires is escaped, and so are the other control characters
  /// (DEL and C1), which a terminal would obey.
  public mutating func appendJSON(_ string: String) {
    appendJSON(string: string.utf8Span.span)
  }

  /// Appends a string that is given in UTF-8, just as `appendJSON(_:)` does.
  public mutating func appendJSON(string: Span<UInt8>) {
    append(UInt8(ascii: "\""))
    string.withUnsafeBufferPointer { bytes in
      if Self.anyWord(of: bytes, Self.hasByteToEscape) {
        appendEscaped(bytes) { $0.appendEscaped($1) }
      } else {
        append(contentsOf: bytes)
      }
    }
    append(UInt8(ascii: "\""))
  }

  /// Appends a JSON text as it is, except that DEL and C1, which can only be in its strings, are escaped.
  public mutating func appendJSON(text: Span<UInt8>) {
    text.withUnsafeBufferPointer { bytes in
      if Self.anyWord(of: bytes, Self.mayHaveOtherControl) {
        appendEscaped(bytes) { $0.append($1) }
      } else {
        append(contentsOf: bytes)
      }
    }
  }

  /// Appends a value on a single line, without white space between its tokens.
  public mutating func appendJSON(_ value: JSONValue) {
    switch value {
    case .null: append(contentsOf: "null".utf8)
    case .bool(let bool): append(contentsOf: (bool ? "true" : "false").utf8)
    case .number(let number): append(contentsOf: number.utf8)
    case .string(let string): appendJSON(string)
    case .array(let elements):
      appendList(elements, open: "[", close: "]") { $0.appendJSON($1) }
    case .object(let members):
      appendList(members, open: "{", close: "}") {
        $0.appendJSON($1.name.string)
        $0.append(UInt8(ascii: ":"))
        $0.appendJSON($1.value)
      }
    }
  }

  private mutating func appendList<Item>(
    _ items: [Item], open: Unicode.Scalar, close: Unicode.Scalar,
    each: (inout [UInt8], Item) -> Void
  ) {
    append(UInt8(ascii: open))
    for (index, item) in items.enumerated() {
      if index > 0 { append(UInt8(ascii: ",")) }
      each(&self, item)
    }
    append(UInt8(ascii: close))
  }

  /// Returns whether a condition holds for any of the bytes, which it is given eight at a time.
  private static func anyWord(
    of bytes: UnsafeBufferPointer<UInt8>, _ condition: (UInt64) -> Bool
  ) -> Bool {
    let raw = UnsafeRawBufferPointer(bytes)
    var offset = 0
    while offset + 8 <= raw.count {
      if condition(raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) { return true }
      offset += 8
    }
    return raw[offset...].contains { condition(UInt64($0) | 0x6161_6161_6161_6100) }
  }

  /// Returns whether any byte of a word of a string must be escaped, or may have to be.
  private static func hasByteToEscape(_ word: UInt64) -> Bool {
    word.bytes(below: 0x20) | word.bytes(equalTo: UInt8(ascii: "\""))
      | word.bytes(equalTo: UInt8(ascii: "\\")) != 0 || mayHaveOtherControl(word)
  }

  /// Returns whether any byte of a word is DEL or may start a character of C1, which is two bytes in UTF-8.
  private static func mayHaveOtherControl(_ word: UInt64) -> Bool {
    word.bytes(equalTo: 0x7F) | word.bytes(equalTo: firstByteOfC1) != 0
  }

  /// The first of the two bytes of U+0080 to U+009F, and of the 32 characters that follow these.
  private static var firstByteOfC1: UInt8 { 0xC2 }

  /// Appends bytes, with DEL and C1 escaped; `other` appends any other byte.
  private mutating func appendEscaped(
    _ bytes: UnsafeBufferPointer<UInt8>, other: (inout [UInt8], UInt8) -> Void
  ) {
    var isAfterLead = false
    for byte in bytes {
      if isAfterLead, (0x80..<0xA0).contains(byte) {
        removeLast()
        appendCodeUnit(byte)
      } else if byte == 0x7F {
        appendCodeUnit(byte)
      } else {
        other(&self, byte)
      }
      isAfterLead = byte == Self.firstByteOfC1
    }
  }

  private mutating func appendCodeUnit(_ unit: UInt8) {
    append(contentsOf: "\\u00".utf8)
    append(contentsOf: String(unit >> 4, radix: 16).utf8)
    append(contentsOf: String(unit & 0xF, radix: 16).utf8)
  }

  private mutating func appendEscaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(contentsOf: [UInt8(ascii: "\\"), byte])
    case 0x08: append(contentsOf: "\\b".utf8)
    case 0x09: append(contentsOf: "\\t".utf8)
    case 0x0A: append(contentsOf: "\\n".utf8)
    case 0x0C: append(contentsOf: "\\f".utf8)
    case 0x0D: append(contentsOf: "\\r".utf8)
    case 0..<0x20: appendCodeUnit(byte)
    default: append(byte)
    }
  }
}
