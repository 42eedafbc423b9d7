import EventLog
import HTTPCore

extension FilterView {
  /// A condition that can be taken away by itself.
  struct Chip {
    let label: String
    /// The query without it, to be put behind a question mark.
    let query: String
  }

  /// The conditions of a query, each of which can be taken away by itself.
  static func chips(_ query: EventQuery) -> [Chip] {
    query.filter.parts.map { part in
      var rest = query
      rest.cursor = nil
      rest.filter = part.rest
      return Chip(label: part.condition.label, query: FormURLEncoded.encode(rest.parameters))
    }
  }
}
