import EventLog
import Text

/// Marks what a search found in a text.
struct TextMarks {
  /// The texts that the search wants, case folded.
  private let patterns: [[UInt8]]

  /// - Parameter search: the search; nil when there is none.
  init(_ search: SearchQuery?) {
    patterns = search?.wantedTexts.map { CaseFolding.fold($0.string) } ?? []
  }

  /// Finds the texts, regardless of case.
  ///
  /// - Parameter text: a short text; the time that this takes grows with its length and with the number of texts.
  /// - Returns: the text in parts.
  func mark(_ text: String) -> MarkedText {
    guard !patterns.isEmpty else { return MarkedText(parts: [.init(text: text, isMarked: false)]) }
    let (folded, origins) = Self.fold(text)
    let scalars = Array(text.unicodeScalars)
    var isMarked = [Bool](repeating: false, count: scalars.count)
    for pattern in patterns {
      for start in folded.indices where folded[start...].starts(with: pattern) {
        for scalar in origins[start]...origins[start + pattern.count - 1] { isMarked[scalar] = true }
      }
    }
    return MarkedText(parts: Self.parts(scalars, isMarked))
  }

  /// Folds the case of a text.
  ///
  /// - Returns: the folded text, and for each of its bytes the number of the character that it comes from.
  private static func fold(_ text: String) -> (bytes: [UInt8], origins: [Int]) {
    var (bytes, origins): ([UInt8], [Int]) = ([], [])
    for (index, scalar) in text.unicodeScalars.enumerated() {
      if scalar.isASCII {
        let byte = UInt8(truncatingIfNeeded: scalar.value)
        bytes.append((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte)
        origins.append(index)
      } else {
        let folded = CaseFolding.fold(String(scalar))
        bytes += folded
        origins += repeatElement(index, count: folded.count)
      }
    }
    return (bytes, origins)
  }

  private static func parts(_ scalars: [Unicode.Scalar], _ isMarked: [Bool]) -> [MarkedText.Part] {
    var parts: [MarkedText.Part] = []
    var start = 0
    while start < scalars.count {
      let end = isMarked[start...].firstIndex(of: !isMarked[start]) ?? scalars.count
      parts.append(
        .init(text: String(String.UnicodeScalarView(scalars[start..<end])), isMarked: isMarked[start]))
      start = end
    }
    return parts
  }
}
