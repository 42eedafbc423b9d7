extension String {
  /// The text with nothing in it that a terminal would obey. Line breaks and tabs become spaces; other control characters
  /// (Unicode's general category Cc) and format characters (Cf), such as those that turn the direction of writing, become
  /// U+FFFD. The joiners stay, since words and emoji need them.
  ///
  /// - Parameter allowed: the characters that stay as they are.
  /// - Returns: the text.
  func printable(keeping allowed: Set<Unicode.Scalar> = []) -> String {
    guard unicodeScalars.contains(where: { $0.shown != $0 && !allowed.contains($0) }) else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.map { allowed.contains($0) ? $0 : $0.shown }))
  }
}

extension Unicode.Scalar {
  /// What is shown in place of the character.
  fileprivate var shown: Unicode.Scalar {
    if self >= " ", self < "\u{7F}" { return self }
    return switch self {
    case "\t", "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": " "
    case "\u{200C}", "\u{200D}": self
    default:
      switch properties.generalCategory {
      case .control, .format: "\u{FFFD}"
      default: self
      }
    }
  }
}
