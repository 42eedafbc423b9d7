/// A JSON number of any size in the one form that all equal numbers have: 42, 42.0 and 4.2e1 are `42`.
///
/// Nothing is rounded, since no number is converted to binary. A number whose exponent has more than fifteen digits keeps its
/// text, and is equal to those that are written like it.
public struct CanonicalNumber: Hashable, Sendable {
  /// The most zeros that are written out instead of an exponent.
  private static let maximumZeros = 20
  private static let maximumExponentDigits = 15

  public let text: String

  /// - Parameter text: a number in the grammar of RFC 8259 section 6.
  init(_ text: String) {
    self.text = Self.isCanonical(text.utf8) ? text : Self.canonical(Array(text.utf8)) ?? text
  }

  /// Returns whether a number is a short one without an exponent, whose digits begin and, after a point, end with another
  /// one than zero. Most numbers are.
  private static func isCanonical(_ text: String.UTF8View) -> Bool {
    let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text[...]
    guard digits.count <= maximumZeros, let first = digits.first,
      (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(first)
    else { return false }
    var hasPoint = false
    var last = first
    for byte in digits {
      if byte == UInt8(ascii: ".") {
        hasPoint = true
      } else if byte | 0x20 == UInt8(ascii: "e") {
        return false
      }
      last = byte
    }
    return !hasPoint || last != UInt8(ascii: "0")
  }

  private static func canonical(_ text: [UInt8]) -> String? {
    let isNegative = text.first == UInt8(ascii: "-")
    let parts = text.dropFirst(isNegative ? 1 : 0).split(omittingEmptySubsequences: false) {
      $0 | 0x20 == UInt8(ascii: "e")
    }
    let mantissa = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard let given = exponent(parts.dropFirst().first) else { return nil }
    let fraction = mantissa.dropFirst().first ?? []
    let all = Array(mantissa[0] + fraction)
    guard let first = all.firstIndex(where: { $0 != UInt8(ascii: "0") }),
      let last = all.lastIndex(where: { $0 != UInt8(ascii: "0") })
    else { return "0" }
    // The number is 0.DIGITS times ten to the power of `point`.
    let digits = String(decoding: all[first...last], as: UTF8.self)
    let point = given + mantissa[0].count - first
    return (isNegative ? "-" : "") + written(digits, point)
  }

  private static func written(_ digits: String, _ point: Int) -> String {
    let count = digits.utf8.count
    if point >= count, point - count <= maximumZeros {
      return digits + String(repeating: "0", count: point - count)
    }
    if point > 0, point < count { return "\(digits.prefix(point)).\(digits.dropFirst(point))" }
    if point <= 0, -point <= maximumZeros { return "0." + String(repeating: "0", count: -point) + digits }
    return "\(digits.prefix(1))\(count > 1 ? "." : "")\(digits.dropFirst())e\(point - 1)"
  }

  /// Reads an exponent; nil when it has too many digits.
  private static func exponent(_ text: ArraySlice<UInt8>?) -> Int? {
    guard let text else { return 0 }
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = text.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }.drop {
      $0 == UInt8(ascii: "0")
    }
    guard digits.count <= maximumExponentDigits else { return nil }
    let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    return isNegative ? -number : number
  }
}
