import ArgumentParser

/// A number of bytes, which people write with a unit: `10GiB`, `500 MB` or `1048576`.
struct ByteCount: Equatable, Sendable {
  let bytes: Int

  /// The units by their names in small letters.
  private static let units = [
    "": 1, "b": 1, "kb": 1000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
    "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30,
    "t": 1 << 40,
  ]
  /// The smallest size that an empty log and one event have room in.
  private static let minimum = 1 << 20

  init(option value: String) throws {
    let digits = value.prefix { $0.isASCII && $0.isNumber }
    let unit = value.dropFirst(digits.count).drop { $0 == " " }.lowercased()
    guard let number = Int(digits), let scale = Self.units[unit],
      case let (bytes, hasOverflown) = number.multipliedReportingOverflow(by: scale), !hasOverflown,
      bytes >= Self.minimum
    else {
      throw ValidationError(
        "it must be a whole number with a unit, such as 500MiB or 10GiB, and at least 1MiB.")
    }
    self.bytes = bytes
  }
}
