public import Text

/// The terms of a search. Every term must be a substring of the source or of the message, regardless of case.
public struct SearchTerms: Hashable, Sendable {
  /// The maximum length of a search in characters (Unicode scalar values).
  public static let maximumLength = 500
  /// The maximum number of terms.
  public static let maximumCount = 16

  /// The terms as they were given, separated by single spaces.
  public let text: Text
  /// The distinct terms, case folded, in UTF-8.
  public let folded: [[UInt8]]

  /// Reads the terms of a search.
  ///
  /// - Parameter text: terms separated by white space.
  /// - Throws: `InvalidParameter` when the text is too long, has control characters, or has no terms or too many.
  public init(_ text: Text) throws(InvalidParameter) {
    func invalid(_ detail: String) -> InvalidParameter { InvalidParameter(name: "q", detail: detail) }
    let length = text.unicodeScalars.count
    guard length <= Self.maximumLength else {
      throw invalid("must be at most \(Self.maximumLength) characters, not \(length)")
    }
    guard !text.string.hasControlCharacter() else { throw invalid("must not contain control characters") }
    let terms = text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace)
    guard !terms.isEmpty else { throw invalid("must not be blank") }
    guard terms.count <= Self.maximumCount else {
      throw invalid("must have at most \(Self.maximumCount) terms, not \(terms.count)")
    }
    self.text = Text(terms.map(String.init).joined(separator: " "))
    var seen: Set<[UInt8]> = []
    folded = terms.map { CaseFolding.fold(String($0)) }.filter { seen.insert($0).inserted }
  }

  /// Searches the texts of an event.
  ///
  /// - Parameters:
  ///   - source: the event's source.
  ///   - message: the event's message.
  /// - Returns: whether every term occurs in the source or the message.
  public func match(source: String, message: String) -> Bool {
    let message = CaseFolding.fold(message)
    let missing = folded.filter { !message.holds($0) }
    if missing.isEmpty { return true }
    let source = CaseFolding.fold(source)
    return missing.allSatisfy(source.holds)
  }
}

extension [UInt8] {
  /// Returns whether a part occurs as a contiguous sequence in these bytes. UTF-8 need not be decoded for this.
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
