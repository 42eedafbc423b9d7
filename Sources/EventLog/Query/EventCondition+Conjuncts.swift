/// A condition as whoever looks for its events sees it: several that all have to be met.
extension EventCondition {
  /// The conditions that all have to be met, none of which is `all`.
  public var conjuncts: [EventCondition] {
    if case .all(let conditions) = self { conditions.flatMap(\.conjuncts) } else { [self] }
  }

  /// The condition that an event has one of some types.
  public static func anyType(of types: Set<EventType>) -> EventCondition {
    .any(EventType.allCases.filter(types.contains).map(EventCondition.type))
  }

  /// Whether every event matches because nothing is asked for.
  public var isEverything: Bool { conjuncts.isEmpty }

  /// Whether the condition is one of those that `since` and `until` are made of.
  public var isTimeBound: Bool {
    switch self {
    case .since, .until: true
    case .all, .any, .not, .type, .source, .text, .userID, .requestID, .tag: false
    }
  }

  /// The types whose events match; nil where the condition does not only look at the type.
  public var types: Set<EventType>? {
    switch self {
    case .type(let type): [type]
    case .all(let conditions): Self.combine(conditions, from: Set(EventType.allCases)) { $0.intersection($1) }
    case .any(let conditions): Self.combine(conditions, from: []) { $0.union($1) }
    case .not(let condition): condition.types.map { Set(EventType.allCases).subtracting($0) }
    case .source, .text, .since, .until, .userID, .requestID, .tag: nil
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

  /// The types that matching events can have, in the order of their names.
  public var possibleTypes: [EventType] {
    conjuncts.reduce(into: Set(EventType.allCases)) { possible, condition in
      if let types = condition.types { possible.formIntersection(types) }
    }.sorted { $0.rawValue < $1.rawValue }
  }

  /// The source that every matching event has; nil where it may have several.
  public var source: String? {
    conjuncts.lazy.compactMap { if case .source(let source) = $0 { source } else { nil } }.first
  }

  /// The first moment that matching events can be of; nil where there is no bound.
  public var since: Timestamp? {
    conjuncts.compactMap { if case .since(let moment) = $0 { moment } else { nil } }.max()
  }

  /// The first moment beyond those that matching events can be of; nil where there is no bound.
  public var until: Timestamp? {
    conjuncts.compactMap { if case .until(let moment) = $0 { moment } else { nil } }.min()
  }

  /// The same condition within a span of time, which only gets narrower.
  ///
  /// - Parameters:
  ///   - since: the first moment.
  ///   - until: the first moment beyond.
  /// - Returns: the narrower condition.
  public func within(since: Timestamp, until: Timestamp) -> EventCondition {
    .all(
      conjuncts.filter { !$0.isTimeBound }
        + [.since(max(since, self.since ?? since)), .until(min(until, self.until ?? until))])
  }
}
