/// What events have to meet: a tree of conditions. The filter of a query is one.
///
/// Everything that has to know each kind of condition is derived from the tree by a `switch` without a default, so that
/// the compiler names every place that a new kind has to be considered in.
public indirect enum EventCondition: Hashable, Sendable {
  /// Every one of these is met; without any, each event matches.
  case all([EventCondition])
  /// At least one of these is met; without any, no event matches.
  case any([EventCondition])
  /// The condition is not met.
  case not(EventCondition)
  case type(EventType)
  /// The event has exactly this source.
  case source(String)
  /// The event's source or message holds every term.
  case text(SearchTerms)
  /// The event was recorded at this moment or later.
  case since(Timestamp)
  /// The event was recorded before this moment.
  case until(Timestamp)
  case userID(String)
  case requestID(String)
  case tag(String)

  /// The condition that every event meets.
  public static let everything = EventCondition.all([])

  /// Whether an event meets the condition. Texts are the same when their code points are: `é` as one code point and as
  /// two are two texts.
  public func matches(_ event: Event) -> Bool {
    let draft = event.draft
    return switch self {
    case .all(let conditions): conditions.allSatisfy { $0.matches(event) }
    case .any(let conditions): conditions.contains { $0.matches(event) }
    case .not(let condition): !condition.matches(event)
    case .type(let type): draft.type == type
    case .source(let source): draft.source.isIdentical(to: source)
    case .text(let terms): terms.match(source: draft.source, message: draft.message)
    case .since(let moment): event.timestamp >= moment
    case .until(let moment): event.timestamp < moment
    case .userID(let userID): draft.userID?.isIdentical(to: userID) == true
    case .requestID(let requestID): draft.requestID?.isIdentical(to: requestID) == true
    case .tag(let tag): draft.tags.contains { $0.isIdentical(to: tag) }
    }
  }
}

extension String {
  /// Whether both have the same code points; `==` would take canonically equivalent texts for the same.
  package func isIdentical(to other: String) -> Bool {
    utf8.elementsEqual(other.utf8)
  }
}
