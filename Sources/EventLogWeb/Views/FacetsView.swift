import EventLog
import Text

/// The most frequent values of what a list shows, each with a link to the events that have it.
struct FacetsView: Sendable {
  /// The members that the page counts. Users can be so many that counting them would delay the page.
  static let members: [FacetQuery.Member] = [.type, .source, .tag]
  /// The number of values of a member.
  static let limit = 5

  struct Group {
    let label: String
    let values: [Value]
    /// The number of further values in words; nil when there are none.
    let others: String?
  }

  struct Value {
    let label: String
    let count: String
    /// The query string of the list of only these events, without its question mark.
    let query: String
    /// The query string of the list without these events.
    let otherQuery: String?
  }

  let groups: [Group]

  /// Creates the view; fails when there is nothing to choose from, or the filter is so long that links do not repeat it.
  ///
  /// - Parameters:
  ///   - facets: the counts for each of `members`.
  ///   - list: what the page lists.
  init?(_ facets: [EventFacets], of list: ListQuery) {
    guard let links = SearchLinks(list) else { return nil }
    let conditions = Set(list.query.filter.requirements)
    groups = zip(Self.members, facets).compactMap { Self.group($0, $1, besides: conditions, links) }
    if groups.isEmpty { return nil }
  }

  private static func group(
    _ member: FacetQuery.Member, _ facets: EventFacets, besides conditions: Set<EventCondition>,
    _ links: SearchLinks
  ) -> Group? {
    let values = facets.values.compactMap { value -> Value? in
      guard case .string(let text) = value.value, let condition = condition(member, text),
        !conditions.contains(condition), value.count < facets.total,
        let query = links.query(adding: condition)
      else { return nil }
      return Value(
        label: condition.types?.first?.label ?? text.string, count: value.count.grouped, query: query,
        otherQuery: links.query(adding: condition, excluded: true))
    }
    if values.isEmpty { return nil }
    return Group(
      label: label(of: member), values: values,
      others: facets.others > 0
        ? "and \(facets.others.grouped)\(facets.hasMore ? " or more" : "") others" : nil)
  }

  private static func condition(_ member: FacetQuery.Member, _ text: Text) -> EventCondition? {
    switch member {
    case .type: EventType(named: text).map(EventCondition.type)
    case .source: .source(text)
    case .userID: .userID(text)
    case .requestID: .requestID(text)
    case .tag: .tag(text)
    case .data: nil
    }
  }

  private static func label(of member: FacetQuery.Member) -> String {
    switch member {
    case .type: "Types"
    case .source: "Sources"
    case .userID: "Users"
    case .requestID: "Requests"
    case .tag: "Tags"
    case .data(let path): path.text.string
    }
  }
}
