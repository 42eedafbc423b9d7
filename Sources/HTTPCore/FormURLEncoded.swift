public import Text

/// The encoding of forms and queries, `application/x-www-form-urlencoded` (WHATWG URL, section 5).
///
/// Decoding is strict: what cannot be decoded is refused rather than replaced.
public enum FormURLEncoded {
  /// Decodes a form or a query.
  ///
  /// - Parameter text: the encoded bytes.
  /// - Returns: the names and values in the order of the text; nil when a percent-encoding is broken or the result is
  ///   not UTF-8.
  public static func decode(_ text: some Collection<UInt8>) -> [(name: Text, value: Text)]? {
    var pairs: [(name: Text, value: Text)] = []
    for pair in text.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentEncoding.decode(parts[0], plusIsSpace: true),
        let value = PercentEncoding.decode(
          parts.dropFirst().first ?? pair[..<pair.startIndex], plusIsSpace: true)
      else { return nil }
      pairs.append((name, value))
    }
    return pairs
  }

  /// Encodes names and values; the inverse of `decode`.
  ///
  /// - Parameter pairs: the names and values, which keep their order.
  /// - Returns: the encoded text, in ASCII.
  public static func encode(_ pairs: [(name: Text, value: Text)]) -> String {
    var text = ""
    for (name, value) in pairs {
      if !text.isEmpty { text += "&" }
      text += PercentEncoding.encode(name.string)
      text += "="
      text += PercentEncoding.encode(value.string)
    }
    return text
  }
}
