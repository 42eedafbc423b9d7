import Text

extension [UInt8] {
  /// Appends a literal's text in UTF-8, without quotes and without escaping.
  public mutating func append(_ literal: StaticString) {
    literal.withUTF8Buffer { append(contentsOf: $0) }
  }

  public mutating func append(copying bytes: Span<UInt8>) {
    bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
  }

  /// Appends a string in quotes, escaping only what RFC 8259 section 7 requires.
  public mutating func appendJSON(_ string: String) {
    appendJSON(string: string.utf8Span.span)
  }

  /// Appends a string that is given in UTF-8, just as `appendJSON(_:)` does.
  public mutating func appendJSON(string: Span<UInt8>) {
    append(UInt8(ascii: "\""))
    string.withUnsafeBufferPointer { bytes in
      if Self.haveToBeEscaped(bytes) {
        for byte in bytes { appendEscaped(byte) }
      } else {
        append(contentsOf: bytes)
      }
    }
    append(UInt8(ascii: "\""))
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

  /// Returns whether any of the bytes must be escaped. It examines eight bytes at a time.
  private static func haveToBeEscaped(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let raw = UnsafeRawBufferPointer(bytes)
    var offset = 0
    while offset + 8 <= raw.count {
      if hasByteToEscape(raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) { return true }
      offset += 8
    }
    return raw[offset...].contains { hasByteToEscape(UInt64($0) | 0x6161_6161_6161_6100) }
  }

  /// Returns whether any byte of a word must be escaped.
  ///
  /// Subtracting a limit from a byte borrows from the byte's highest bit when the byte is below the limit.
  private static func hasByteToEscape(_ word: UInt64) -> Bool {
    func bytesBelow(_ limit: UInt64, _ word: UInt64) -> UInt64 {
      (word &- limit &* 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }
    let quotes = word ^ 0x2222_2222_2222_2222
    let backslashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
    return bytesBelow(0x20, word) | bytesBelow(1, quotes) | bytesBelow(1, backslashes) != 0
  }

  private mutating func appendEscaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(contentsOf: [UInt8(ascii: "\\"), byte])
    case 0x08: append(contentsOf: "\\b".utf8)
    case 0x09: append(contentsOf: "\\t".utf8)
    case 0x0A: append(contentsOf: "\\n".utf8)
    case 0x0C: append(contentsOf: "\\f".utf8)
    case 0x0D: append(contentsOf: "\\r".utf8)
    case 0..<0x20:
      append(contentsOf: "\\u00".utf8)
      append(contentsOf: String(byte >> 4, radix: 16).utf8)
      append(contentsOf: String(byte & 0xF, radix: 16).utf8)
    default: append(byte)
    }
  }
}
