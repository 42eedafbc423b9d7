extension OutputSpan<UInt8> {
  /// Appends a number in decimal.
  mutating func appendDecimal(_ number: UInt64) {
    if number >= 10 { appendDecimal(number / 10) }
    appendDigit(UInt8(truncatingIfNeeded: number % 10))
  }

  /// Appends a number from 0 to 99 as two digits.
  mutating func appendTwoDigits(_ number: Int64) {
    appendDigit(UInt8(truncatingIfNeeded: number / 10))
    appendDigit(UInt8(truncatingIfNeeded: number % 10))
  }

  /// Appends a number from 0 to 9.
  mutating func appendDigit(_ number: UInt8) {
    append(UInt8(ascii: "0") + number)
  }

  mutating func append(_ character: Unicode.Scalar) {
    append(UInt8(ascii: character))
  }
}
