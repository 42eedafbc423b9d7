import EventLog
import HTTPCore
import Text

extension FilterView {
  /// A condition that can be removed by itself.
  struct Chip {
    let label: String
    /// The query string without this condition and without a question mark.
    let query: String
  }

  /// Returns the conditions of a query, each of which can be removed by itself.
  static func chips(_ query: EventQuery) -> [Chip] {
    query.filter.parts.map { part in
      var rest = query
      rest.cursor = nil
      rest.filter = part.rest
      return Chip(label: part.condition.label, query: FormURLEncoded.encode(rest.parameters))
    }
  }
}
