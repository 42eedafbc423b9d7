public import Text

/// What a page offers: the clauses one by one, and searches with one more or one less.
extension SearchQuery {
  /// What must be met besides the other clauses.
  public struct Clause: Sendable {
    /// The clause as it is written.
    public let text: Text
    public let condition: EventCondition
    /// Whether the clause is about time, and its text says it best.
    public let isAboutTime: Bool
  }

  /// The clauses in words and as conditions.
  public var parts: [Clause] {
    zip(clauseTexts, clauses).map { text, terms in
      let choices = terms.map { $0.condition(at: now) }
      return Clause(
        text: text, condition: choices.count == 1 ? choices[0] : .any(choices),
        isAboutTime: terms.contains(where: \.isAboutTime))
    }
  }

  /// Returns the search without a clause.
  ///
  /// - Parameter text: the clause as it is written.
  /// - Returns: the search; nil when nothing is left of it.
  public func removing(_ text: Text) -> SearchQuery? {
    let rest = zip(clauseTexts, clauses).filter { $0.0 != text }.map(\.1)
    return rest.isEmpty ? nil : SearchQuery(rest, now: now)
  }

  /// Returns a condition on a member as a term of a search.
  ///
  /// - Parameters:
  ///   - condition: the condition.
  ///   - isExcluded: whether the term is the opposite.
  /// - Returns: the text of the term; nil when the condition is not on a single value.
  public static func text(of condition: EventCondition, excluded isExcluded: Bool = false) -> Text? {
    SearchTerm.Subject(condition).map { Text(SearchTerm(subject: $0, isExcluded: isExcluded).text) }
  }
}

extension SearchTerm {
  fileprivate var isAboutTime: Bool {
    switch subject {
    case .since, .until, .on: true
    case .text, .type, .source, .userID, .requestID, .tag, .data, .number, .has: false
    }
  }
}

extension SearchTerm.Subject {
  /// The subject that has a condition on a single value; nil for any other condition.
  fileprivate init?(_ condition: EventCondition) {
    switch condition {
    case .type(let type): self = .type(type)
    case .source(let source): self = .source(source)
    case .userID(let userID): self = .userID(userID)
    case .requestID(let requestID): self = .requestID(requestID)
    case .tag(let tag): self = .tag(tag)
    case .data(let leaf): self = .data(leaf)
    case .all, .any, .not, .search, .text, .since, .until, .number, .has: return nil
    }
  }
}
