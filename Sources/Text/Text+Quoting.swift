extension Text {
  /// The maximum number of code points that a message quotes of a text.
  private static let quotedLength = 64

  /// The text as a message quotes it: whole, or its first 64 code points and an ellipsis. Every name that the log knows
  /// is shorter.
  public var abridged: String {
    let scalars = string.unicodeScalars
    guard
      let end = scalars.index(scalars.startIndex, offsetBy: Self.quotedLength, limitedBy: scalars.endIndex),
      end < scalars.endIndex
    else { return string }
    return String(scalars[..<end]) + "…"
  }
}
