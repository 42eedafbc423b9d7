import EventLogAccess
import HTTPCore
public import Text

/// A hidden field of a form that only a page of this browser's own session can have, so that no other site can send the form
/// (cross-site request forgery).
///
/// It is derived from the cookie's secret, which no page has, and is written differently each time: from the length of a
/// compressed page that also repeats what a request says, nobody can guess it.
public enum FormToken {
  /// The name of the form's field.
  public static let field: Text = "token"
  private static let size = 16

  /// Makes a token.
  ///
  /// - Parameter secret: the value of the cookie.
  /// - Returns: the token, in hexadecimal digits.
  public static func make(from secret: Text) -> String {
    let mask = (0..<size).map { _ in UInt8.random(in: .min ... .max) }
    let masked = zip(mask, key(secret)).map { $0 ^ $1 }
    return (mask + masked).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Returns whether a token was made from a secret.
  ///
  /// - Parameters:
  ///   - token: what a form has.
  ///   - secret: the value of the cookie.
  /// - Returns: whether it was.
  public static func isValid(_ token: Text, from secret: Text) -> Bool {
    guard let bytes = bytes(of: token) else { return false }
    let key = key(secret)
    var difference: UInt8 = 0
    for index in 0..<size { difference |= bytes[index] ^ bytes[size + index] ^ key[index] }
    return difference == 0
  }

  private static func key(_ secret: Text) -> [UInt8] {
    Array(SHA256.digest([Array("form token\n".utf8), Array(secret.utf8)]).prefix(size))
  }

  private static func bytes(of token: Text) -> [UInt8]? {
    let digits = token.utf8.compactMap { Unicode.Scalar($0).hexadecimalValue }
    guard digits.count == 4 * size, token.utf8.count == digits.count else { return nil }
    return (0..<2 * size).map { digits[2 * $0] << 4 | digits[2 * $0 + 1] }
  }
}

extension Unicode.Scalar {
  fileprivate var hexadecimalValue: UInt8? {
    switch self {
    case "0"..."9": UInt8(value - 48)
    case "a"..."f": UInt8(value - 87)
    default: nil
    }
  }
}
