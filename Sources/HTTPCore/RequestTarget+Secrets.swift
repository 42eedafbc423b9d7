import Text

extension RequestTarget {
  /// The least number of letters, digits and underscores after the prefix of a secret.
  private static let minimumSecretSize = 16

  /// Returns whether a secret is in the path or the query, where web servers, browsers and proxies write it down.
  ///
  /// - Parameter prefix: how every secret begins.
  /// - Returns: whether there is one.
  func hasSecret(_ prefix: String) -> Bool {
    let query = query.utf8.contains(UInt8(ascii: "%")) ? PercentEncoding.decode(self.query.utf8)?.string : nil
    return ([query ?? self.query] + path.map(\.string)).contains { Self.hasSecret(prefix, in: $0.utf8) }
  }

  private static func hasSecret(_ prefix: String, in text: String.UTF8View) -> Bool {
    let (bytes, prefix) = (Array(text), Array(prefix.utf8))
    // How many letters, digits and underscores there are from a byte on, as one goes back from the end.
    var size = 0
    for index in bytes.indices.reversed() {
      size = isWord(bytes[index]) ? size + 1 : 0
      if size >= prefix.count + minimumSecretSize, bytes[index...].starts(with: prefix) { return true }
    }
    return false
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    default: false
    }
  }
}
