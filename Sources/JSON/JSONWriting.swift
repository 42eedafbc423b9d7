extension [UInt8] {
  /// Appends a string with its quotes, escaping only what RFC 8259 section 7 demands.
  public mutating func appendJSON(_ string: String) {
    var string = string
    append(UInt8(ascii: "\""))
    string.withUTF8 { bytes in
      if Self.haveToBeEscaped(bytes) {
        for byte in bytes { appendEscaped(byte) }
      } else {
        append(contentsOf: bytes)
      }
    }
    append(UInt8(ascii: "\""))
  }

  /// Appends a value without white space between its tokens, so that it takes one line.
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
        $0.appendJSON($1.name)
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

  /// Whether one of the bytes has to be. It looks at all of them, many with one instruction.
  private static func haveToBeEscaped(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var found: UInt8 = 0
    for byte in bytes {
      found |= (byte < 0x20 ? 1 : 0)
      found |= (byte == UInt8(ascii: "\"") ? 1 : 0)
      found |= (byte == UInt8(ascii: "\\") ? 1 : 0)
    }
    return found != 0
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
