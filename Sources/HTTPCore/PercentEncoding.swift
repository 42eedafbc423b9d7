public import Text

/// Percent-encoding (RFC 3986 section 2.1).
public enum PercentEncoding {
  /// Decodes a text once, of which `+` stands for itself.
  ///
  /// - Parameter text: the encoded text.
  /// - Returns: nil when an escape is broken or the result is not UTF-8.
  public static func decode(_ text: Text) -> Text? {
    text.contains(UInt8(ascii: "%")) ? decode(text.utf8) : text
  }

  /// Decodes bytes once.
  ///
  /// - Parameters:
  ///   - text: the encoded bytes.
  ///   - plusIsSpace: whether `+` stands for a space, as it does in forms.
  /// - Returns: nil when an escape is broken or the result is not UTF-8.
  public static func decode(_ text: some Collection<UInt8>, plusIsSpace: Bool = false) -> Text? {
    // Most texts need no decoding.
    if !text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") && plusIsSpace }) {
      return text.withContiguousStorageIfAvailable { Text(utf8: $0.span) } ?? Text(utf8: Array(text).span)
    }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count)
    var bytes = text.makeIterator()
    while let byte = bytes.next() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = bytes.next().flatMap(hexadecimalDigit),
          let low = bytes.next().flatMap(hexadecimalDigit)
        else { return nil }
        decoded.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: decoded.append(UInt8(ascii: " "))
      default: decoded.append(byte)
      }
    }
    return Text(utf8: decoded.span)
  }

  /// Encodes every byte of a text that is not unreserved (RFC 3986 section 2.3).
  public static func encode(_ text: String) -> String {
    if text.utf8.allSatisfy({ isUnreserved(Unicode.Scalar($0)) }) { return text }
    var encoded = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      if isUnreserved(scalar) {
        encoded.unicodeScalars.append(scalar)
      } else {
        encoded += byte < 0x10 ? "%0" : "%"
        encoded += String(byte, radix: 16, uppercase: true)
      }
    }
    return encoded
  }

  private static func isUnreserved(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "A"..."Z", "a"..."z", "0"..."9", "-", ".", "_", "~": true
    default: false
    }
  }

  private static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
