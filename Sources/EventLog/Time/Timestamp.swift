import FoundationEssentials

/// A moment in UTC, with a precision of one millisecond.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// The number of milliseconds since 1970-01-01T00:00:00Z, without leap seconds (POSIX time).
  public let milliseconds: Int64

  /// The earliest moment that can be written: 0000-01-01T00:00:00.000Z.
  public static let earliest = Timestamp(milliseconds: -62_167_219_200_000)
  /// The latest moment that can be written: 9999-12-31T23:59:59.999Z.
  public static let latest = Timestamp(milliseconds: 253_402_300_799_999)

  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// Returns the time of the system's wall clock.
  public static func now() -> Timestamp {
    Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.milliseconds < right.milliseconds
  }
}

extension Timestamp: CustomStringConvertible {
  /// The timestamp in RFC 3339 format, in UTC and with exactly three decimals: `2024-01-15T14:30:00.000Z`. The year is
  /// between 0000 and 9999.
  public var description: String {
    var text: [UInt8] = []
    append(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends `description` in UTF-8. A moment before the year 0000 is written as the earliest that can be written, one
  /// after the year 9999 as the latest.
  public func append(to text: inout [UInt8]) {
    let milliseconds = min(max(self, Self.earliest), Self.latest).milliseconds
    let (day, millisecond) = milliseconds.flooredDivision(by: 86_400_000)
    let (year, month, dayOfMonth) = Self.civilDate(daysSince1970: day)
    text.append(addingCapacity: Self.textSize) { text in
      text.appendTwoDigits(year / 100)
      text.appendTwoDigits(year % 100)
      text.append("-")
      text.appendTwoDigits(month)
      text.append("-")
      text.appendTwoDigits(dayOfMonth)
      text.append("T")
      text.appendTwoDigits(millisecond / 3_600_000)
      text.append(":")
      text.appendTwoDigits(millisecond / 60_000 % 60)
      text.append(":")
      text.appendTwoDigits(millisecond / 1000 % 60)
      text.append(".")
      text.appendDigit(UInt8(truncatingIfNeeded: millisecond % 1000 / 100))
      text.appendTwoDigits(millisecond % 100)
      text.append("Z")
    }
  }

  /// The size of every description in bytes.
  private static let textSize = 24

  /// Returns the date in the proleptic Gregorian calendar. It counts eras of 400 years that start on March 1, so that
  /// the leap day is the last day of its year.
  private static func civilDate(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let daysFromMarchOfYear0ToEpoch: Int64 = 719_468
    let (era, dayOfEra) = (daysSince1970 + daysFromMarchOfYear0ToEpoch).flooredDivision(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    return (year, month, day)
  }
}

extension Int64 {
  /// Returns the quotient rounded toward negative infinity, and the corresponding remainder, which is never negative.
  fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
