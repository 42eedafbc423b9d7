public import Text

/// A random id that only one browser has, in a cookie: 256 bits.
public struct SecretID: Sendable {
  private static let size = 32

  /// The id in hexadecimal digits, which must never be logged.
  public let text: Text

  /// Makes an id from random numbers of the operating system.
  public init() {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<Self.size).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    text = Text(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
  }

  /// Reads an id; fails when the text is none.
  public init?(_ text: Text) {
    let isHexadecimal = text.utf8.allSatisfy { byte in
      switch Unicode.Scalar(byte) {
      case "0"..."9", "a"..."f": true
      default: false
      }
    }
    guard text.utf8.count == 2 * Self.size, isHexadecimal else { return nil }
    self.text = text
  }

  /// The SHA-256 of the text, which is all that a store keeps of it.
  public var digest: [UInt8] { SHA256.digest([Array(text.utf8)]) }
}

extension SecretID: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Nothing of the id, so that nothing prints it by mistake.
  public var description: String { "a secret id" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
