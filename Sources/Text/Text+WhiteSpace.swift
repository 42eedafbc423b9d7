extension Text {
  /// The text without Unicode white space at both ends.
  public var trimmed: Text {
    let scalars = string.unicodeScalars
    guard let first = scalars.firstIndex(where: Self.isKept), let last = scalars.lastIndex(where: Self.isKept)
    else {
      return ""
    }
    return Text(String(scalars[first...last]))
  }

  /// Whether there is nothing but Unicode white space.
  public var isBlank: Bool {
    !string.unicodeScalars.contains(where: Self.isKept)
  }

  /// Returns whether a character is not white space. The properties of a character take long to look up, so ASCII has
  /// its own rule.
  private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      ? scalar != " " && !("\u{9}"..."\u{D}").contains(scalar) : !scalar.properties.isWhitespace
  }

  /// The text with a line feed for each line ending: CR LF, CR and LF.
  public var withLineFeeds: Text {
    let (carriageReturn, lineFeed) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
    guard contains(carriageReturn) else { return self }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    var isAfterReturn = false
    for byte in string.utf8 {
      if !isAfterReturn || byte != lineFeed { bytes.append(byte == carriageReturn ? lineFeed : byte) }
      isAfterReturn = byte == carriageReturn
    }
    return Text(String(decoding: bytes, as: UTF8.self))
  }
}
