import Text

extension RequestTarget {
  /// The least number of letters, digits and underscores after the prefix of a secret.
  private static let minimumSecretSize = 16

  /// Returns whether a secret is in the path or the query, where web servers, browsers and proxies write it down.
  ///
  /// - Parameter prefix: how every secret begins.
  /// - Returns: whether there is one.
  func hasSecret(_ prefix: String) -> Bool {
    let prefix = Array(prefix.utf8)
    // What is encoded twice, or badly, is still written down.
    var texts = [Array(query.utf8)] + path.map { Array($0.utf8) }
    for _ in 0..<2 where texts.contains(where: { $0.contains(UInt8(ascii: "%")) }) {
      texts = texts.map(Self.decodingEscapes)
    }
    return texts.contains { Self.hasSecret(prefix, in: $0) }
  }

  private static func hasSecret(_ prefix: [UInt8], in bytes: [UInt8]) -> Bool {
    // How many letters, digits and underscores there are from a byte on, as one goes back from the end.
    var size = 0
    for index in bytes.indices.reversed() {
      size = isWord(bytes[index]) ? size + 1 : 0
      if size >= prefix.count + minimumSecretSize, bytes[index...].starts(with: prefix) { return true }
    }
    return false
  }

  /// Decodes the escapes that are right, and leaves all else as it is.
  private static func decodingEscapes(_ bytes: [UInt8]) -> [UInt8] {
    var decoded: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let digits = bytes[index] == UInt8(ascii: "%") ? bytes[(index + 1)...].prefix(2) : []
      if digits.count == 2, let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) {
        decoded.append(byte)
        index += 3
      } else {
        decoded.append(bytes[index])
        index += 1
      }
    }
    return decoded
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    default: false
    }
  }
}
