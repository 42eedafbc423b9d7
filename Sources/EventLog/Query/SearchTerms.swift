/// What a search looks for: every term must be a substring of the source or of the message, whatever the
/// case of the letters.
public struct SearchTerms: Hashable, Sendable {
  /// The longest search, in characters (Unicode scalar values).
  public static let maximumLength = 500
  /// The largest number of terms.
  public static let maximumCount = 16

  /// As they were given, with one space between them.
  public let text: String
  /// The terms in UTF-8, case folded, each once.
  public let folded: [[UInt8]]

  /// - Parameter text: terms with white space between them.
  /// - Throws: `InvalidParameter` when there are no terms, too many, or too long ones.
  public init(_ text: String) throws(InvalidParameter) {
    func invalid(_ detail: String) -> InvalidParameter { InvalidParameter(name: "q", detail: detail) }
    let length = text.unicodeScalars.count
    guard length <= Self.maximumLength else {
      throw invalid("must be at most \(Self.maximumLength) characters, not \(length)")
    }
    guard !text.hasControlCharacter() else { throw invalid("must not have control characters") }
    let terms = text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace)
    guard !terms.isEmpty else { throw invalid("must not be blank") }
    guard terms.count <= Self.maximumCount else {
      throw invalid("must be at most \(Self.maximumCount) terms, not \(terms.count)")
    }
    self.text = terms.map(String.init).joined(separator: " ")
    var seen: Set<[UInt8]> = []
    folded = terms.map { CaseFolding.fold(String($0)) }.filter { seen.insert($0).inserted }
  }

  /// - Returns: whether each term is in one of the two.
  public func match(source: String, message: String) -> Bool {
    let message = CaseFolding.fold(message)
    let missing = folded.filter { !message.holds($0) }
    if missing.isEmpty { return true }
    let source = CaseFolding.fold(source)
    return missing.allSatisfy(source.holds)
  }
}

extension [UInt8] {
  /// Whether other bytes stand somewhere in these, next to each other. UTF-8 needs no decoding for that.
  fileprivate func holds(_ part: [UInt8]) -> Bool {
    guard let first = part.first, part.count <= count else { return part.isEmpty }
    search: for start in 0...(count - part.count) where self[start] == first {
      for offset in 1..<Swift.max(part.count, 1) where self[start + offset] != part[offset] {
        continue search
      }
      return true
    }
    return false
  }
}
