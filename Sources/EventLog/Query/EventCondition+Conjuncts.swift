public import Text

/// A condition as a search for its events needs it: several conditions that must all be met.
extension EventCondition {
  /// The conditions that must all be met. None of them is `all`.
  public var conjuncts: [EventCondition] {
    if case .all(let conditions) = self { conditions.flatMap(\.conjuncts) } else { [self] }
  }

  /// The conditions that must all be met, with those that a search expresses in its place.
  public var requirements: [EventCondition] {
    conjuncts.flatMap { condition in
      if case .search(let search) = condition { search.condition.requirements } else { [condition] }
    }
  }

  /// What somebody typed to search; nil when there is nothing.
  public var search: SearchQuery? {
    conjuncts.lazy.compactMap { if case .search(let search) = $0 { search } else { nil } }.first
  }

  /// Returns the same condition with another search, or without one if it is nil.
  public func replacingSearch(by search: SearchQuery?) -> EventCondition {
    let others = conjuncts.filter { if case .search = $0 { false } else { true } }
    return .all(others + (search.map { [.search($0)] } ?? []))
  }

  /// Makes the condition that an event has one of several types.
  ///
  /// - Parameter types: the types, any of which matches.
  /// - Returns: the condition.
  public static func anyType(of types: Set<EventType>) -> EventCondition {
    .any(EventType.allCases.filter(types.contains).map(EventCondition.type))
  }

  /// Whether every event matches because nothing is required.
  public var isEverything: Bool { conjuncts.isEmpty }

  /// Whether the condition is one of those from which `since(by:)` and `until(by:)` are derived.
  private func isBound(of time: EventTime) -> Bool {
    switch self {
    case .since(_, let own), .until(_, let own): own == time
    case .all, .any, .not, .type, .source, .search, .text, .userID, .requestID, .tag, .data, .number, .has:
      false
    }
  }

  /// The types whose events match; nil when the condition depends on more than the type.
  public var types: Set<EventType>? {
    switch self {
    case .type(let type): [type]
    case .all(let conditions): Self.combine(conditions, from: Set(EventType.allCases)) { $0.intersection($1) }
    case .any(let conditions): Self.combine(conditions, from: []) { $0.union($1) }
    case .not(let condition): condition.types.map { Set(EventType.allCases).subtracting($0) }
    case .search(let search): search.condition.types
    case .source, .text, .since, .until, .userID, .requestID, .tag, .data, .number, .has: nil
    }
  }

  private static func combine(
    _ conditions: [EventCondition], from start: Set<EventType>,
    _ combine: (Set<EventType>, Set<EventType>) -> Set<EventType>
  ) -> Set<EventType>? {
    conditions.reduce(start) { types, condition in
      types.flatMap { types in condition.types.map { combine(types, $0) } }
    }
  }

  /// The types that matching events can have, sorted by name.
  public var possibleTypes: [EventType] {
    requirements.reduce(into: Set(EventType.allCases)) { possible, condition in
      if let types = condition.types { possible.formIntersection(types) }
    }.sorted { $0.rawValue < $1.rawValue }
  }

  /// The source that every matching event has; nil when matching events may have different sources.
  public var source: Text? {
    requirements.lazy.compactMap { if case .source(let source) = $0 { source } else { nil } }.first
  }

  /// Returns the first moment that the time of matching events can be; nil when there is no lower bound.
  public func since(by time: EventTime = .timestamp) -> Timestamp? {
    requirements.compactMap { if case .since(let moment, time) = $0 { moment } else { nil } }.max()
  }

  /// Returns the first moment after those that the time of matching events can be; nil when there is no upper bound.
  public func until(by time: EventTime = .timestamp) -> Timestamp? {
    requirements.compactMap { if case .until(let moment, time) = $0 { moment } else { nil } }.min()
  }

  /// Returns the same condition within a span of time. The bounds that it already has only get narrower.
  ///
  /// - Parameters:
  ///   - since: the first moment of the span.
  ///   - until: the first moment after the span. A moment that cannot be written ends nothing: no event is later than
  ///     `Timestamp.latest`, and one may be of that very moment.
  ///   - time: the time of events that is within the span.
  /// - Returns: the narrower condition.
  public func within(
    since: Timestamp, until: Timestamp, by time: EventTime = .timestamp
  ) -> EventCondition {
    let end = [self.until(by: time), until > .latest ? nil : until].compactMap(\.self).min()
    return .all(
      conjuncts.filter { !$0.isBound(of: time) } + [
        .since(max(since, self.since(by: time) ?? since), by: time)
      ]
        + (end.map { [.until($0, by: time)] } ?? []))
  }
}
