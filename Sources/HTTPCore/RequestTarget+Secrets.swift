import Text

extension RequestTarget {
  /// The least number of letters, digits and underscores after the prefix of a secret.
  private static let minimumSecretSize = 16

  /// Returns whether a secret is in the path or the query, where web servers, browsers and proxies write it down.
  ///
  /// - Parameter prefix: how every secret begins.
  func hasSecret(_ prefix: String) -> Bool {
    let query = query.utf8.contains(UInt8(ascii: "%")) ? PercentEncoding.decode(self.query.utf8)?.string : nil
    return ([query ?? self.query] + path.map(\.string)).contains { Self.hasSecret(prefix, in: $0.utf8) }
  }

  private static func hasSecret(_ prefix: String, in text: String.UTF8View) -> Bool {
    var rest = text[...]
    while let start = rest.firstRange(of: prefix.utf8) {
      rest = rest[start.upperBound...]
      let size = rest.prefix { byte in
        switch Unicode.Scalar(byte) {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
      }.count
      if size >= minimumSecretSize { return true }
    }
    return false
  }
}
