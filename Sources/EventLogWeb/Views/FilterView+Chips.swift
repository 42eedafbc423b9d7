import EventLog
import HTTPCore
import Text

extension FilterView {
  /// A condition that can be removed by itself.
  struct Chip {
    /// The condition in words, without its moment.
    let label: String
    /// The moment of a bound of time.
    let time: TimeView?
    /// The query string without this condition and without a question mark; nil if the filter is so long that its form is
    /// sent instead.
    let query: String?
    /// What the parameter `without` of the page says in order to remove this condition.
    let without: String
  }

  /// Returns the conditions of a query, each of which can be removed by itself.
  static func chips(_ list: ListQuery) -> [Chip] {
    let isLong = list.hasLongFilter
    let search = list.query.filter.search
    let clauses = search.map { search in
      search.parts.map { clause in
        Chip(
          label: clause.isAboutTime ? clause.text.string : clause.condition.label, time: nil,
          query: isLong
            ? nil : list.address { $0.filter = $0.filter.replacingSearch(by: search.removing(clause.text)) },
          without: "q=\(clause.text)")
      }
    }
    return (clauses ?? [])
      + list.query.filter.replacingSearch(by: nil).parts.map { part in
        let (label, time) = words(for: part.condition, in: list)
        let parameter = part.condition.parameters[0]
        let isRepeatable = EventCondition.Parameter(named: parameter.name)?.isRepeatable == true
        return Chip(
          label: label, time: time,
          query: isLong ? nil : list.address { $0.filter = part.rest.replacingSearch(by: search) },
          without: isRepeatable ? "\(parameter.name)=\(parameter.value)" : parameter.name.string)
      }
  }

  /// Returns the title of the page: what it shows.
  ///
  /// - Parameter list: the list; nil if nothing is listed.
  /// - Returns: the conditions of the list, and the name of the program.
  static func title(of list: ListQuery?) -> String {
    let conditions = list.map(chips) ?? []
    if conditions.isEmpty { return "Event Log" }
    let words = conditions.map { chip in chip.time.map { "\(chip.label) \($0.text) UTC" } ?? chip.label }
    return "\(Text(words.joined(separator: ", ")).abridged) – Event Log"
  }

  /// Returns a condition in words. A span before now is told as such.
  private static func words(
    for condition: EventCondition, in list: ListQuery
  ) -> (label: String, time: TimeView?) {
    switch condition {
    case .since(let moment, let time):
      if let span = list.spans[.since(by: time)] {
        (time == .timestamp ? TimeRange.label(of: span) : time.words("since \(span) ago"), nil)
      } else {
        (time.words("since"), TimeView(moment))
      }
    case .until(let moment, let time):
      if let span = list.spans[.until(by: time)] {
        (time.words("until \(span) ago"), nil)
      } else {
        (time.words("until"), TimeView(moment))
      }
    case .all, .any, .not, .type, .source, .search, .text, .userID, .requestID, .tag, .data, .number, .has:
      (condition.label, nil)
    }
  }
}
