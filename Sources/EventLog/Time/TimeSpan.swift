import Text

/// A length of time in whole seconds, written the way people write it: `30s`, `5m`, `1h`, `7d`, `2w`.
public struct TimeSpan: Hashable, Comparable, Sendable {
  public let seconds: Int64

  /// The length of the longest span in seconds: ten thousand years of 366 days.
  private static let maximumSeconds: Int64 = 10_000 * 366 * 86_400

  /// Creates a span of time. The result is nil when its length is not positive or exceeds ten thousand years.
  ///
  /// - Parameter seconds: the length in seconds.
  public init?(seconds: Int64) {
    guard (1...Self.maximumSeconds).contains(seconds) else { return nil }
    self.seconds = seconds
  }

  public var milliseconds: Int64 { seconds * 1000 }

  public static func < (left: TimeSpan, right: TimeSpan) -> Bool {
    left.seconds < right.seconds
  }

  private static let units: [(name: Unicode.Scalar, seconds: Int64)] = [
    ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
  ]
  /// A unit that is read and never written: a week is `7d`.
  private static let week: (name: Unicode.Scalar, seconds: Int64) = ("w", 604_800)

  /// Lengths that divide the next longer unit evenly or are whole days, in ascending order.
  static let roundLengths: [TimeSpan] =
    [
      1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
      172_800, 604_800, 1_209_600, 2_592_000, 7_776_000, 15_552_000, 31_536_000,
    ].compactMap(TimeSpan.init(seconds:))
}

extension TimeSpan: LosslessStringConvertible {
  public init?(_ description: String) {
    guard let unit = (Self.units + [Self.week]).first(where: { $0.name == description.unicodeScalars.last }),
      let number = Int(
        parameter: String(description.unicodeScalars.dropLast()), in: 1...Int(Self.maximumSeconds))
    else { return nil }
    let (seconds, overflows) = Int64(number).multipliedReportingOverflow(by: unit.seconds)
    guard !overflows else { return nil }
    self.init(seconds: seconds)
  }

  /// The length in the largest unit that results in a whole number.
  public var description: String {
    let unit = Self.units.first { seconds % $0.seconds == 0 } ?? ("s", 1)
    return "\(seconds / unit.seconds)\(unit.name)"
  }
}
