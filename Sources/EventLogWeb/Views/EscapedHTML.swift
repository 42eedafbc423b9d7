import Mustache

/// Escapes text for HTML elements and quoted attributes.
///
/// The library's own escaping compares characters. A quotation mark followed by a combining mark is a single character,
/// so it would pass unescaped and end the attribute. HTML parsers read code points, and so does this type.
struct EscapedHTML: MustacheContentType {
  func escapeText(_ text: String) -> String {
    guard text.utf8.contains(where: Self.isSpecial) else { return text }
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// Returns the size of a text after it was escaped, in bytes.
  static func size(of text: String) -> Int {
    text.utf8.reduce(0) { size, byte in size + (isSpecial(byte) ? "&quot;".utf8.count : 1) }
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
    default: false
    }
  }
}
