extension UInt8 {
  /// Whether the byte is white space between the tokens of a JSON text (RFC 8259 section 2).
  var isJSONWhitespace: Bool {
    switch self {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
    default: false
    }
  }
}
