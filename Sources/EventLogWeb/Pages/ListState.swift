import EventLog
import HTTPCore
import Text

/// What the list page shows besides its form.
enum ListState {
  /// The page lists the events that a query selects, and reports the event that was just recorded.
  case events(EventQuery, created: EventID? = nil)
  /// The filter is invalid. It is shown with its errors, and nothing is listed.
  case invalidFilter(FilledForm)
  /// Something other than the list failed. The page lists the query's events next to the problem, or none if it is nil.
  case problem(ProblemDetails, beside: EventQuery?)

  /// The query of the events to list; nil if nothing can be listed.
  var query: EventQuery? {
    switch self {
    case .events(let query, _): query
    case .invalidFilter: nil
    case .problem(_, let query): query
    }
  }

  /// The values and errors of the filter.
  var filter: FilledForm {
    if case .invalidFilter(let filter) = self { return filter }
    return FilledForm(values: (query ?? .newestEvents).parameters)
  }

  var created: EventID? {
    if case .events(_, let created) = self { created } else { nil }
  }

  var problem: ProblemDetails? {
    if case .problem(let problem, _) = self { problem } else { nil }
  }
}
