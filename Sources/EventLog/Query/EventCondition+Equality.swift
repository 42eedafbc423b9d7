import Text

/// What the events that meet a condition certainly have, so that an event finds the conditions that it may meet.
extension EventCondition {
  /// How few events usually have a value; nil when the condition does not ask for one.
  private var rarity: Int? {
    switch self {
    case .type: 0
    case .tag: 1
    case .source: 2
    case .data: 3
    case .userID: 4
    case .requestID: 5
    case .all, .any, .not, .search, .text, .since, .until, .number, .has: nil
    }
  }

  /// Conditions on a single value, at least one of which every event meets that meets this condition. They are on values
  /// that as few events as possible have. The result is nil when there are none.
  public var requiredEqualities: [EventCondition]? { required?.equalities }

  private var required: (equalities: [EventCondition], rarity: Int)? {
    switch self {
    case .all(let conditions):
      return conditions.lazy.compactMap(\.required).max { $0.rarity < $1.rarity }
    case .any(let conditions):
      let each = conditions.compactMap(\.required)
      guard each.count == conditions.count else { return nil }
      return (each.flatMap(\.equalities), each.map(\.rarity).min() ?? 0)
    case .search(let search): return search.condition.required
    case .type, .source, .userID, .requestID, .tag, .data, .not, .text, .since, .until, .number, .has:
      return rarity.map { ([self], $0) }
    }
  }
}

extension Event {
  /// Finds the conditions on a single value that the event meets.
  ///
  /// - Parameter includesData: whether those on its `data` are wanted, which have to be read from its text.
  /// - Returns: the conditions.
  public func equalities(includingData includesData: Bool) -> [EventCondition] {
    var equalities: [EventCondition] = [.type(draft.type), .source(Text(draft.source))]
    if let userID = draft.userID { equalities.append(.userID(Text(userID))) }
    if let requestID = draft.requestID { equalities.append(.requestID(Text(requestID))) }
    equalities += draft.tags.map { .tag(Text($0)) }
    if includesData { equalities += draft.data?.leaves.map(EventCondition.data) ?? [] }
    return equalities
  }
}
