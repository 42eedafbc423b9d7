/// The order of numbers, which compares digits and rounds nothing. Exponents of more than fifteen digits count as equal among
/// themselves, and as larger, or smaller, than every other one.
extension CanonicalNumber: Comparable {
  public static func < (left: CanonicalNumber, right: CanonicalNumber) -> Bool {
    let (left, right) = (Decimal(left.text), Decimal(right.text))
    guard left.sign == right.sign else { return left.sign < right.sign }
    return left.sign < 0 ? right.isSmaller(than: left) : left.isSmaller(than: right)
  }
}

/// A number as a sign and 0.DIGITS times ten to the power of `point`.
private struct Decimal {
  /// -1, 0 or 1.
  let sign: Int
  let point: Int
  /// The digits from the first that is not zero on.
  let digits: ArraySlice<UInt8>

  /// - Parameter text: the text of a canonical number.
  init(_ text: String) {
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    let parts = Array(text.utf8.dropFirst(isNegative ? 1 : 0)).split { $0 | 0x20 == UInt8(ascii: "e") }
    let mantissa = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let all = mantissa.flatMap(\.self)
    digits = all.drop { $0 == UInt8(ascii: "0") }
    sign = digits.isEmpty ? 0 : isNegative ? -1 : 1
    let exponent = parts.count > 1 ? Self.exponent(parts[1]) : 0
    point = exponent + mantissa[0].count - (all.count - digits.count)
  }

  /// Returns whether the number without its sign is less than another without its sign.
  func isSmaller(than other: Decimal) -> Bool {
    point == other.point ? digits.lexicographicallyPrecedes(other.digits) : point < other.point
  }

  private static func exponent(_ text: ArraySlice<UInt8>) -> Int {
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = text.drop { !(UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
    let exponent = Int(String(decoding: digits.prefix(17), as: UTF8.self)) ?? 0
    return isNegative ? -exponent : exponent
  }
}
