import Glibc

/// A sequence of bytes that is looked for in texts, in time that is linear in the text, whatever both contain (the
/// algorithm of Knuth, Morris and Pratt).
struct BytePattern: Hashable, Sendable {
  let bytes: [UInt8]
  /// For each number of bytes that matched, less one: the length of the longest proper prefix of the pattern that is
  /// also a suffix of what matched, with which matching continues.
  private let fallbacks: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var fallbacks = [Int](repeating: 0, count: bytes.count)
    var matched = 0
    for index in bytes.indices.dropFirst() {
      while matched > 0, bytes[index] != bytes[matched] { matched = fallbacks[matched - 1] }
      if bytes[index] == bytes[matched] { matched += 1 }
      fallbacks[index] = matched
    }
    self.fallbacks = fallbacks
  }

  /// Returns whether a text contains the pattern. UTF-8 need not be decoded for this.
  func occurs(in text: Span<UInt8>) -> Bool {
    guard let first = bytes.first else { return true }
    return text.withUnsafeBytes { text in
      var (index, matched) = (0, 0)
      while matched < bytes.count {
        // Once fewer bytes are left than are missing, the pattern cannot occur.
        guard text.count - index >= bytes.count - matched, let start = text.baseAddress else { return false }
        if matched == 0 {
          guard let found = memchr(start + index, Int32(first), text.count - index) else { return false }
          index = UnsafeRawPointer(found) - start + 1
          matched = 1
        } else if text[index] == bytes[matched] {
          index += 1
          matched += 1
        } else {
          matched = fallbacks[matched - 1]
        }
      }
      return true
    }
  }
}
