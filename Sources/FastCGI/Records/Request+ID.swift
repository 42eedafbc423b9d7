import HTTPCore

extension Request {
  /// An id for a request that came without one: 16 hexadecimal digits.
  static func makeID() -> String {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
