public import Text

/// The encoding of forms and queries, `application/x-www-form-urlencoded` (WHATWG URL, section 5).
///
/// Decoding is strict: what cannot be decoded is refused rather than replaced.
public enum FormURLEncoded {
  /// The largest number of pairs that are decoded, which is far more than any form or query of ours has.
  public static let maximumCount = 1000

  /// The reasons why a form or a query cannot be decoded, each as a predicate.
  public enum DecodingError: String, Error {
    case malformed = "has a broken percent-encoding or is not UTF-8"
    case tooLong = "has more than 1000 parameters"
  }

  /// Decodes a form or a query.
  ///
  /// - Parameter text: the encoded bytes.
  /// - Returns: the names and values in the order of the text.
  /// - Throws: `DecodingError.tooLong` when there are more than `maximumCount` pairs, before any of them is decoded;
  ///   `DecodingError.malformed` when a percent-encoding is broken or the result is not UTF-8.
  public static func decode(
    _ text: some Collection<UInt8>
  ) throws(DecodingError) -> [(name: Text, value: Text)] {
    let encoded = Array(text).split(separator: UInt8(ascii: "&"), maxSplits: maximumCount)
    guard encoded.count <= maximumCount else { throw .tooLong }
    var pairs: [(name: Text, value: Text)] = []
    for pair in encoded {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentEncoding.decode(parts[0], plusIsSpace: true),
        let value = PercentEncoding.decode(
          parts.dropFirst().first ?? pair[..<pair.startIndex], plusIsSpace: true)
      else { throw .malformed }
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
