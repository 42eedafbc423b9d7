/// The text in what a program wrote for a terminal.
///
/// Escape sequences (ECMA-48: control sequences such as colors, and control strings such as titles) are left out. A
/// carriage return is a line break, and any other control character except a tab and a line feed becomes U+FFFD.
public struct PlainText {
  public let text: String
  /// Whether the text differs from what was written.
  public let differs: Bool

  /// - Parameter line: what was written.
  public init(_ line: String) {
    guard line.unicodeScalars.contains(where: { $0.isControl && !$0.isLayout }) else {
      (text, differs) = (line, false)
      return
    }
    let scalars = Array(line.unicodeScalars)
    var kept = String.UnicodeScalarView()
    var index = 0
    while index < scalars.count {
      if let end = Self.endOfSequence(scalars, from: index) {
        index = end
        continue
      }
      let scalar = scalars[index]
      kept.append(scalar == "\r" ? "\n" : scalar.isControl && !scalar.isLayout ? "\u{FFFD}" : scalar)
      index += 1
    }
    (text, differs) = (String(kept), true)
  }

  /// Returns the index after the escape sequence that starts at an index; nil where none starts, or where it has no end.
  private static func endOfSequence(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
    switch scalars[start] {
    case "\u{9B}": return endOfControlSequence(scalars, from: start + 1)
    case "\u{90}", "\u{98}", "\u{9D}"..."\u{9F}": return endOfControlString(scalars, from: start + 1)
    case "\u{1B}" where start + 1 < scalars.count: break
    default: return nil
    }
    switch scalars[start + 1] {
    case "[": return endOfControlSequence(scalars, from: start + 2)
    case "]", "P", "X", "^", "_": return endOfControlString(scalars, from: start + 2)
    default:
      var index = start + 1
      while index < scalars.count, (" "..."/").contains(scalars[index]) { index += 1 }
      return index < scalars.count && ("0"..."~").contains(scalars[index]) ? index + 1 : nil
    }
  }

  /// Returns the end of a control sequence: parameters, intermediate characters, and a final one.
  private static func endOfControlSequence(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
    var index = start
    while index < scalars.count, ("0"..."?").contains(scalars[index]) { index += 1 }
    while index < scalars.count, (" "..."/").contains(scalars[index]) { index += 1 }
    return index < scalars.count && ("@"..."~").contains(scalars[index]) ? index + 1 : nil
  }

  /// Returns the end of a control string, which BEL or a string terminator ends. Another control character shows that it
  /// is none, so that no character is looked at for more than one start.
  private static func endOfControlString(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
    guard let end = scalars[start...].firstIndex(where: \.isControl) else { return nil }
    switch scalars[end] {
    case "\u{07}", "\u{9C}": return end + 1
    case "\u{1B}" where end + 1 < scalars.count && scalars[end + 1] == "\\": return end + 2
    default: return nil
    }
  }
}

extension Unicode.Scalar {
  /// Whether the character is a control character (Unicode's general category Cc).
  fileprivate var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }

  /// Whether the character is one that a message may have.
  fileprivate var isLayout: Bool { self == "\t" || self == "\n" }
}
