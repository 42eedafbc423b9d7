extension Timestamp {
  /// Reads an RFC 3339 `date-time` with any offset: `2024-01-15T15:30:00+01:00`.
  ///
  /// The result is nil when the text is not a `date-time` or is not a moment in the years 0000 to 9999.
  ///
  /// A space in front of the offset counts as the plus sign that it was before a query was decoded. A leap second
  /// counts as the second after it.
  ///
  /// - Parameters:
  ///   - text: the date and time.
  ///   - roundsUp: whether decimals beyond the third are rounded up; otherwise, they are cut off. The bounds of a span
  ///     of time are rounded up, so that the events on each side of a bound stay there.
  ///   - assumesUTC: whether the offset may be missing, in which case the time is in UTC.
  public init?(rfc3339 text: String, roundsUp: Bool = true, assumesUTC: Bool = false) {
    var scanner = Scanner(text.utf8)
    guard let year = scanner.number(digits: 4), scanner.take("-"),
      let month = scanner.number(digits: 2), (1...12).contains(month), scanner.take("-"),
      let day = scanner.number(digits: 2), (1...Self.days(inMonth: month, of: year)).contains(day),
      scanner.take("T") || scanner.take("t") || scanner.take(" "),
      let hour = scanner.number(digits: 2), hour < 24, scanner.take(":"),
      let minute = scanner.number(digits: 2), minute < 60, scanner.take(":"),
      let second = scanner.number(digits: 2), second <= 60,
      let millisecond = scanner.milliseconds(roundsUp: roundsUp),
      let offset = assumesUTC && scanner.isAtEnd ? 0 : scanner.offsetInMinutes(), scanner.isAtEnd
    else { return nil }
    let minutes =
      ((Self.daysSince1970(year: year, month: month, day: day) * 24 + hour) * 60 + minute) - offset
    self.init(milliseconds: (minutes * 60 + second) * 1000 + millisecond)
    guard (Self.earliest...Self.latest).contains(self) else { return nil }
  }

  private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The inverse of `civilDate(daysSince1970:)`.
  private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
    // The calculation is shifted by one era of 400 years, so that nothing is negative.
    let yearFromMarch = (month <= 2 ? year - 1 : year) + 400
    let monthFromMarch = month <= 2 ? month + 9 : month - 3
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let days = yearFromMarch * 365 + yearFromMarch / 4 - yearFromMarch / 100 + yearFromMarch / 400 + dayOfYear
    return days - 719_468 - 146_097
  }
}

/// Reads ASCII from left to right.
private struct Scanner {
  private let text: [UInt8]
  private var position = 0

  init(_ text: String.UTF8View) {
    self.text = Array(text)
  }

  var isAtEnd: Bool { position == text.count }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard !isAtEnd, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func digit() -> Int64? {
    guard !isAtEnd, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position]) else { return nil }
    defer { position += 1 }
    return Int64(text[position] - UInt8(ascii: "0"))
  }

  mutating func number(digits: Int) -> Int64? {
    var number: Int64 = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      number = number * 10 + digit
    }
    return number
  }

  /// Reads `time-secfrac`, which may be missing; nil when no digit follows the point.
  mutating func milliseconds(roundsUp: Bool) -> Int64? {
    guard take(".") else { return 0 }
    guard var milliseconds = digit().map({ $0 * 100 }) else { return nil }
    milliseconds += (digit() ?? 0) * 10
    milliseconds += digit() ?? 0
    var isBeyond = false
    while let digit = digit() { isBeyond = isBeyond || digit > 0 }
    return milliseconds + (isBeyond && roundsUp ? 1 : 0)
  }

  /// Reads `time-offset`; nil when the text does not continue with one.
  mutating func offsetInMinutes() -> Int64? {
    if take("Z") || take("z") { return 0 }
    let sign: Int64
    if take("+") || take(" ") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
    guard let hours = number(digits: 2), hours < 24, take(":"), let minutes = number(digits: 2), minutes < 60
    else { return nil }
    return sign * (hours * 60 + minutes)
  }
}
