import Text

/// A text of which some parts are marked.
struct MarkedText {
  struct Part {
    let text: String
    let isMarked: Bool
  }

  let parts: [Part]

  /// The size of what marks the parts, in bytes.
  var markupSize: Int { parts.count * "<mark></mark>".utf8.count }

  init(parts: [Part]) {
    self.parts = parts
  }

  /// - Parameters:
  ///   - text: the text.
  ///   - range: the characters (Unicode scalar values) to mark.
  init(_ text: Text, marking range: Range<Int>) {
    let scalars = Array(text.unicodeScalars)
    let range = range.clamped(to: 0..<scalars.count)
    func part(_ range: Range<Int>, isMarked: Bool) -> Part {
      Part(text: String(String.UnicodeScalarView(scalars[range])), isMarked: isMarked)
    }
    parts = [
      part(0..<range.lowerBound, isMarked: false), part(range, isMarked: true),
      part(range.upperBound..<scalars.count, isMarked: false),
    ].filter { !$0.text.isEmpty }
  }
}
