public import Text

/// What people type to search: words and phrases, and conditions on members. `SearchReader` has the grammar.
public struct SearchQuery: Hashable, Sendable {
  /// The maximum length in characters (Unicode scalar values).
  public static let maximumLength = 500
  /// The maximum number of terms.
  public static let maximumTerms = 32
  static let parameterName: Text = "q"

  /// What must be met, one by one: for each clause, its terms, one of which is enough.
  let clauses: [[SearchTerm]]
  /// The moment before which spans of time lie.
  public let now: Timestamp
  /// The condition that the search expresses.
  public let condition: EventCondition

  /// Reads a search.
  ///
  /// - Parameters:
  ///   - text: the search.
  ///   - now: the moment before which spans of time lie.
  /// - Throws: `InvalidParameter` that says where the text is not valid, and what would be right.
  public init(_ text: Text, now: Timestamp) throws(InvalidParameter) {
    func invalid(_ detail: String) -> InvalidParameter {
      InvalidParameter(name: Self.parameterName, detail: detail)
    }
    let length = text.unicodeScalars.count
    guard length <= Self.maximumLength else {
      throw invalid("must be at most \(Self.maximumLength) characters, not \(length)")
    }
    guard !text.string.hasControlCharacter(besides: ["\t", "\n", "\r"]) else {
      throw invalid("must not contain control characters")
    }
    guard !text.isBlank else { throw invalid("must not be blank") }
    var reader = SearchReader(text.string)
    do throws(SearchError) {
      self.init(try reader.clauses(), now: now)
    } catch {
      throw error.invalidParameter
    }
    // Links contain the search as it is written.
    guard resolved.text.unicodeScalars.count <= Self.maximumLength else {
      throw invalid("must be at most \(Self.maximumLength) characters with its numbers and times written out")
    }
  }

  init(_ clauses: [[SearchTerm]], now: Timestamp) {
    self.clauses = clauses
    self.now = now
    condition = Self.condition(of: clauses, at: now)
  }

  /// The search as it is written, with single spaces.
  public var text: Text { Text(Self.texts(of: clauses).joined(separator: " ")) }

  /// The moment at which a search was read makes a difference only if it has spans.
  public static func == (left: SearchQuery, right: SearchQuery) -> Bool {
    left.clauses == right.clauses && left.condition == right.condition
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(condition)
  }

  /// The clauses as they are written.
  public var clauseTexts: [Text] { Self.texts(of: clauses).map { Text($0) } }

  /// The texts that a clause looks for, and does not exclude.
  public var wantedTexts: [Text] {
    clauses.joined().compactMap { term in
      if case .text(let text) = term.subject, !term.isExcluded { text } else { nil }
    }
  }

  /// Returns whether the search is for the time since a span before now.
  public func hasSpan(since time: EventTime) -> Bool {
    clauses.contains { terms in
      guard terms.count == 1, case .since(.ago, time) = terms[0].subject else { return false }
      return !terms[0].isExcluded
    }
  }

  /// Whether what matches depends on the moment at which the search is read.
  public var isRelative: Bool { clauses.joined().contains(where: \.isRelative) }

  /// The same search with moments in place of spans before now.
  public var resolved: SearchQuery {
    guard isRelative else { return self }
    return SearchQuery(clauses.map { $0.map { $0.resolved(at: now) } }, now: now)
  }

  private static func texts(of clauses: [[SearchTerm]]) -> [String] {
    clauses.map { $0.map(\.text).joined(separator: " \(SearchReader.or) ") }
  }

  /// Words that must all be there are looked for together, so that a text is read once.
  private static func condition(of clauses: [[SearchTerm]], at now: Timestamp) -> EventCondition {
    var conditions: [EventCondition] = []
    var texts: [Text] = []
    for clause in clauses {
      if clause.count == 1, case .text(let text) = clause[0].subject, !clause[0].isExcluded {
        texts.append(text)
      } else {
        let choices = clause.map { $0.condition(at: now) }
        conditions.append(choices.count == 1 ? choices[0] : .any(choices))
      }
    }
    if !texts.isEmpty { conditions.insert(.text(SearchTerms(texts)), at: 0) }
    return conditions.count == 1 ? conditions[0] : .all(conditions)
  }
}
