public import Text

/// The text of a key, which only its holder has: `evl_`, an id of 12 characters, `_`, a secret of 43 characters, and a check
/// sum of 6. All are letters and digits.
///
/// The secret has 256 random bits. The check sum tells a typing error from a wrong key, and lets programs that search for
/// secrets which were published by mistake know one: `evl_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}`.
public struct KeyText: Sendable {
  /// Why a text is no key.
  public enum Failure: Error, Sendable {
    /// It does not begin as keys do.
    case isNoKey
    /// It begins as keys do, but a character is wrong, missing or too many.
    case hasTypingError
  }

  /// How every key begins.
  public static let prefix = "evl_"
  private static let idSize = 12
  private static let secretSize = 43
  private static let checkSize = 6
  private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// The text, which must never be logged.
  public let text: Text
  /// The part that may be known to everyone, and that a store finds the key by.
  public let id: Text

  /// Makes a key from random numbers of the operating system.
  public init() {
    var generator = SystemRandomNumberGenerator()
    func random(_ size: Int) -> String {
      String(
        decoding: (0..<size).map { _ in Self.digits.randomElement(using: &generator) ?? 0 }, as: UTF8.self)
    }
    let id = random(Self.idSize)
    let body = "\(Self.prefix)\(id)_\(random(Self.secretSize))"
    self.id = Text(id)
    text = Text(body + Self.checkSum(of: body.utf8))
  }

  /// Reads a key that somebody presents.
  ///
  /// - Parameter text: the text.
  /// - Throws: `Failure` when it is none.
  public init(_ text: Text) throws(Failure) {
    let size = Self.prefix.utf8.count + Self.idSize + 1 + Self.secretSize + Self.checkSize
    let bytes = Array(text.utf8)
    guard bytes.starts(with: Self.prefix.utf8) else { throw .isNoKey }
    guard bytes.count == size else { throw .hasTypingError }
    let start = Self.prefix.utf8.count
    let border = start + Self.idSize
    guard bytes[border] == UInt8(ascii: "_"),
      (bytes[start..<border] + bytes[(border + 1)...]).allSatisfy(Self.digits.contains),
      Self.checkSum(of: bytes.dropLast(Self.checkSize)).utf8.elementsEqual(bytes.suffix(Self.checkSize))
    else { throw .hasTypingError }
    self.text = text
    id = Text(String(decoding: bytes[start..<border], as: UTF8.self))
  }

  /// The SHA-256 of the text, which is all that a store keeps of it.
  public var digest: [UInt8] { SHA256.digest([Array(text.utf8)]) }

  /// Computes the CRC-32 of some bytes (ISO 3309), in six digits.
  private static func checkSum(of bytes: some Sequence<UInt8>) -> String {
    var remainder =
      bytes.reduce(UInt32.max) { remainder, byte in
        (0..<8).reduce(remainder ^ UInt32(byte)) { value, _ in
          value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320
        }
      } ^ .max
    var text: [UInt8] = []
    for _ in 0..<checkSize {
      text.append(digits[Int(remainder % UInt32(digits.count))])
      remainder /= UInt32(digits.count)
    }
    return String(decoding: text.reversed(), as: UTF8.self)
  }
}

extension KeyText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The public part only, so that nothing prints a key by mistake.
  public var description: String { "\(Self.prefix)\(id.string)_…" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["id": id.string]) }
}
