public import Text

/// A tree of conditions that events must meet, such as the filter of a query.
///
/// Everything that depends on the kind of a condition is derived from the tree by a `switch` without a default, so the
/// compiler reports every place that must handle a new kind.
public indirect enum EventCondition: Hashable, Sendable {
  /// All of these conditions are met; an empty list matches every event.
  case all([EventCondition])
  /// At least one of these conditions is met; an empty list matches no event.
  case any([EventCondition])
  /// This condition is not met.
  case not(EventCondition)
  case type(EventType)
  /// The event has exactly this source.
  case source(Text)
  /// What somebody typed to search is met.
  case search(SearchQuery)
  /// Every text occurs in the event's source or message.
  case text(SearchTerms)
  /// The event was recorded, or happened, at this moment or later.
  case since(Timestamp, by: EventTime = .timestamp)
  /// The event was recorded, or happened, before this moment.
  case until(Timestamp, by: EventTime = .timestamp)
  case userID(Text)
  case requestID(Text)
  case tag(Text)
  /// The event's `data` has this value at this path.
  case data(DataLeaf)
  /// The event's `data` has a number for which this holds.
  case number(NumberComparison)
  /// The event has this member.
  case has(OptionalMember)

  /// The condition that every event meets.
  public static let everything = EventCondition.all([])

  /// Checks an event. Texts are equal when their code points are equal: `é` as one code point and as two are different
  /// texts.
  ///
  /// - Parameter event: the event to check.
  /// - Returns: whether the event meets the condition.
  public func matches(_ event: Event) -> Bool {
    let draft = event.draft
    return switch self {
    case .all(let conditions): conditions.allSatisfy { $0.matches(event) }
    case .any(let conditions): conditions.contains { $0.matches(event) }
    case .not(let condition): !condition.matches(event)
    case .type(let type): draft.type == type
    case .source(let source): Text(draft.source) == source
    case .search(let search): search.condition.matches(event)
    case .text(let terms): terms.match(source: draft.source, message: draft.message)
    case .since(let moment, let time): event.moment(of: time) >= moment
    case .until(let moment, let time): event.moment(of: time) < moment
    case .userID(let userID): draft.userID.map(Text.init(_:)) == userID
    case .requestID(let requestID): draft.requestID.map(Text.init(_:)) == requestID
    case .tag(let tag): draft.tags.contains { Text($0) == tag }
    case .data(let leaf): draft.data?.leaves.contains(leaf) ?? false
    case .number(let comparison): draft.data?.leaves.contains(where: comparison.holds) ?? false
    case .has(let member): member.exists(in: draft)
    }
  }
}
