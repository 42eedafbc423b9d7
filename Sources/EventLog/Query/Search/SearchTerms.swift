public import Text

/// The texts of a search. Every one must be a substring of the source or of the message, regardless of case.
public struct SearchTerms: Hashable, Sendable {
  /// The texts as they were given.
  public let texts: [Text]
  /// The distinct texts, case folded.
  private let patterns: [BytePattern]

  /// The distinct texts, case folded, in UTF-8.
  public var folded: [[UInt8]] { patterns.map(\.bytes) }

  /// - Parameter texts: the texts, none of which is empty.
  public init(_ texts: [Text]) {
    self.texts = texts
    var seen: Set<[UInt8]> = []
    patterns = texts.map { CaseFolding.fold($0.string) }.filter { seen.insert($0).inserted }
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
