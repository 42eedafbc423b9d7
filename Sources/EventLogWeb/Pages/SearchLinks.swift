import EventLog
import HTTPCore
import Text

/// The links of a list to the same list with one more term in its search. A page has hundreds of them, so what they have in
/// common is made once.
struct SearchLinks {
  /// The query string up to the term.
  private let start: String
  /// The query string behind the term.
  private let end: String
  /// The number of characters that the term may have.
  private let room: Int
  /// The terms that the search has already.
  private let clauses: Set<Text>
  /// The query string of the list as it is.
  private let own: String

  /// - Parameter list: the list. Its links are nil when its filter is so long that links do not repeat it.
  init?(_ list: ListQuery) {
    if list.hasLongFilter { return nil }
    let search = list.query.filter.search
    clauses = Set(search?.clauseTexts ?? [])
    let length = search?.resolved.text.unicodeScalars.count
    room =
      clauses.count < SearchQuery.maximumTerms ? SearchQuery.maximumLength - (length.map { $0 + 1 } ?? 0) : 0
    start = FormURLEncoded.encode([("q", search.map { Text($0.text.string + " ") } ?? "")])
    own = list.address { _ in }
    let rest = list.address { $0.filter = $0.filter.replacingSearch(by: nil) }
    end = rest.isEmpty ? "" : "&\(rest)"
  }

  /// Returns the query string of the list with one more term.
  ///
  /// - Parameters:
  ///   - condition: what the term requires.
  ///   - isExcluded: whether the events that meet it are excluded.
  /// - Returns: the query string without its question mark; nil when no term says this, or the search would get too long.
  func query(adding condition: EventCondition, excluded isExcluded: Bool = false) -> String? {
    guard let term = SearchQuery.text(of: condition, excluded: isExcluded) else { return nil }
    if clauses.contains(term) { return own }
    guard term.unicodeScalars.count <= room else { return nil }
    return start + FormURLEncoded.encode([("q", term)]).dropFirst("q=".count) + end
  }
}
