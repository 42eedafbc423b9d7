import Glibc

/// A text that somebody else chose, such as a name, a token or a value in a request. It is equal only to itself: texts
/// are compared, ordered and hashed by their bytes in UTF-8, which is also the order of code points.
///
/// A `String` is not safe to compare before its length is known. It is equal to every canonically equivalent string, and
/// to find out, Swift sorts the combining marks of each character, which takes time that grows with the square of their
/// number: a megabyte of marks takes minutes. The same is true of its hash value and of its characters. Everything that
/// a `Text` does takes time that grows with its size at most.
public struct Text: Sendable {
  /// The text as a string, which can be shown, stored, and read byte by byte or scalar by scalar.
  public let string: String

  public init(_ string: String) {
    self.string = string
  }

  /// Creates a text from bytes; fails when they are not UTF-8.
  ///
  /// - Parameter bytes: the bytes of the text.
  public init?(utf8 bytes: Span<UInt8>) {
    guard let string = String(utf8: bytes) else { return nil }
    self.string = string
  }

  public var isEmpty: Bool { string.isEmpty }
  public var utf8: String.UTF8View { string.utf8 }
  public var unicodeScalars: String.UnicodeScalarView { string.unicodeScalars }

  /// The size in bytes of UTF-8.
  public var size: Int { string.utf8.count }

  /// Returns whether the text has a byte, such as an ASCII character.
  public func contains(_ byte: UInt8) -> Bool {
    withBytes { bytes in
      guard let start = bytes.baseAddress else { return false }
      return memchr(start, Int32(byte), bytes.count) != nil
    }
  }

  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    // Every string on Linux is in UTF-8, so that the copy is never made.
    string.utf8.withContiguousStorageIfAvailable(body) ?? Array(string.utf8).withUnsafeBufferPointer(body)
  }
}

extension Text: Hashable {
  public static func == (left: Text, right: Text) -> Bool {
    let size = left.size
    guard size == right.size else { return false }
    return left.withBytes { left in
      right.withBytes { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return true }
        return memcmp(left, right, size) == 0
      }
    }
  }

  public func hash(into hasher: inout Hasher) {
    withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    // No UTF-8 text contains this byte, so it tells where one of several texts ends.
    hasher.combine(0xFF as UInt8)
  }
}

extension Text: Comparable {
  public static func < (left: Text, right: Text) -> Bool {
    left.withBytes { left in right.withBytes { left.lexicographicallyPrecedes($0) } }
  }
}

extension Text: ExpressibleByStringLiteral {
  public init(stringLiteral string: String) {
    self.string = string
  }
}

extension Text: CustomStringConvertible {
  /// All of the text; a message quotes `abridged`.
  public var description: String { string }
}
