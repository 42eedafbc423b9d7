/// The parts of a text, which are found by their bytes. Separators and prefixes are therefore ASCII, and a combining mark
/// after one of them does not hide it.
extension Text {
  /// Splits the text at every separator.
  ///
  /// - Parameters:
  ///   - separator: an ASCII character.
  ///   - maximumSplits: the largest number of splits; the last part contains the separators that follow.
  /// - Returns: at least one part; parts may be empty.
  public func split(separator: Unicode.Scalar, maximumSplits: Int = .max) -> [Text] {
    let separator = UInt8(ascii: separator)
    // Most texts have no separator, and are the only part.
    guard contains(separator) else { return [self] }
    return withBytes { bytes in
      bytes.split(separator: separator, maxSplits: maximumSplits, omittingEmptySubsequences: false)
        .map { Text(String(decoding: $0, as: UTF8.self)) }
    }
  }

  /// - Parameter prefix: an ASCII text.
  /// - Returns: the text without the prefix; nil when it does not start with it.
  public func dropping(prefix: StaticString) -> Text? {
    prefix.withUTF8Buffer { prefix in
      string.utf8.starts(with: prefix) ? Text(string.utf8.dropFirst(prefix.count)) : nil
    }
  }

  /// The text with the ASCII letters in lower case.
  public var lowercasedASCII: Text {
    func isUppercase(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
    guard string.utf8.contains(where: isUppercase) else { return self }
    return Text(String(decoding: string.utf8.map { isUppercase($0) ? $0 | 0x20 : $0 }, as: UTF8.self))
  }

  /// The text without the spaces and tabs at both ends (OWS, RFC 9110 section 5.6.3).
  public var trimmingBlanks: Text {
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    let bytes = string.utf8
    guard let first = bytes.firstIndex(where: { !isBlank($0) }),
      let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return first == bytes.startIndex && bytes.index(after: last) == bytes.endIndex
      ? self : Text(bytes[first...last])
  }

  private init(_ bytes: Substring.UTF8View) {
    self.init(String(Substring(bytes)))
  }
}
