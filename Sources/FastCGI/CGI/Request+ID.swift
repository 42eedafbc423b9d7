import HTTPCore

extension Request {
  /// Makes an id for a request that arrived without one.
  ///
  /// - Returns: 16 random hexadecimal digits.
  static func makeID() -> String {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
