public import Text

/// The terms of a search. Every term must be a substring of the source or of the message, regardless of case.
public struct SearchTerms: Hashable, Sendable {
  /// The maximum length of a search in characters (Unicode scalar values).
  public static let maximumLength = 500
  /// The maximum number of terms.
  public static let maximumCount = 16

  /// The terms as they were given, separated by single spaces.
  public let text: Text
  /// The distinct terms, case folded.
  private let patterns: [BytePattern]

  /// The distinct terms, case folded, in UTF-8.
  public var folded: [[UInt8]] { patterns.map(\.bytes) }

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
    patterns = terms.map { CaseFolding.fold(String($0)) }.filter { seen.insert($0).inserted }
      .map(BytePattern.init)
  }

  /// Searches the texts of an event.
  ///
  /// - Parameters:
  ///   - source: the event's source.
  ///   - message: the event's message.
  /// - Returns: whether every term occurs in the source or the message.
  public func match(source: String, message: String) -> Bool {
    // The texts are Strings, and thus UTF-8.
    (try? match(source: source.utf8Span.span, message: message.utf8Span.span)) ?? false
  }

  /// Searches the texts of an event as they are stored.
  ///
  /// - Parameters:
  ///   - source: the event's source in UTF-8.
  ///   - message: the event's message in UTF-8.
  /// - Returns: whether every term occurs in the source or the message.
  /// - Throws: an error when a text that decides is not UTF-8.
  public func match(source: Span<UInt8>, message: Span<UInt8>) throws(UTF8.ValidationError) -> Bool {
    let message = try CaseFolding.fold(message)
    let missing = patterns.filter { !$0.occurs(in: message.span) }
    if missing.isEmpty { return true }
    let source = try CaseFolding.fold(source)
    return missing.allSatisfy { $0.occurs(in: source.span) }
  }
}
