/// Which events: those that meet every condition. A filter without conditions lets every event through.
public struct EventFilter: Hashable, Sendable {
  /// Events of any of these types; empty is no condition.
  public var types: Set<EventType> = []
  /// Events with exactly this source.
  public var source: String?
  /// Events whose source or message holds every term.
  public var search: SearchTerms?
  /// Events that were recorded at this moment or later.
  public var since: Timestamp?
  /// Events that were recorded before this moment.
  public var until: Timestamp?
  public var userID: String?
  public var requestID: String?
  /// Events that have all of these tags, each named once, in the order they were given.
  public var tags: [String] = []

  public init() {}

  /// Whether an event meets every condition. Texts are the same when their code points are: `é` as one code
  /// point and as two are two texts.
  public func matches(_ event: Event) -> Bool {
    let draft = event.draft
    return (types.isEmpty || types.contains(draft.type))
      && (since.map { event.timestamp >= $0 } ?? true)
      && (until.map { event.timestamp < $0 } ?? true)
      && (source.map { draft.source.isIdentical(to: $0) } ?? true)
      && (userID.map { draft.userID?.isIdentical(to: $0) == true } ?? true)
      && (requestID.map { draft.requestID?.isIdentical(to: $0) == true } ?? true)
      && tags.allSatisfy { tag in draft.tags.contains { $0.isIdentical(to: tag) } }
      && (search.map { $0.match(source: draft.source, message: draft.message) } ?? true)
  }
}

extension String {
  /// Whether both have the same code points; `==` would take canonically equivalent texts for the same.
  fileprivate func isIdentical(to other: String) -> Bool {
    utf8.elementsEqual(other.utf8)
  }
}
