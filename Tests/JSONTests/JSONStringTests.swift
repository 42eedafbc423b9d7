import JSON
import Testing

/// Tests how strings are written. The writer looks at eight bytes at once, so every character stands at every place.
struct JSONStringTests {
  @Test(arguments: 0..<20)
  func isEscapedWhereItHasToBeAndNowhereElse(at place: Int) throws {
    let characters = (0...0x100).compactMap(Unicode.Scalar.init) + ["\u{2028}", "\u{FEFF}", "🎉"]
    for character in characters {
      let (before, after) = (String(repeating: "a", count: place), String(repeating: "z", count: 19 - place))
      var written: [UInt8] = []
      written.appendJSON("\(before)\(character)\(after)")
      #expect(String(decoding: written, as: UTF8.self) == "\"\(before)\(Self.escaped(character))\(after)\"")
      guard case .string(let read) = try JSONValue(parsing: written) else {
        Issue.record("U+\(String(character.value, radix: 16)) is not read as a string")
        continue
      }
      #expect(read.unicodeScalars.elementsEqual("\(before)\(character)\(after)".unicodeScalars))
    }
  }

  /// Returns a character as RFC 8259 section 7 requires it, in the shortest form. The control characters that it allows
  /// are escaped too, because a terminal would obey them.
  private static func escaped(_ character: Unicode.Scalar) -> String {
    switch character {
    case "\"", "\\": return "\\\(character)"
    case "\u{8}": return "\\b"
    case "\t": return "\\t"
    case "\n": return "\\n"
    case "\u{C}": return "\\f"
    case "\r": return "\\r"
    case "\0"..<" ", "\u{7F}"..."\u{9F}":
      let digits = String(character.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: return String(character)
    }
  }
}
