import EventLog
import HTTPCore
import Text

/// What the list page shows besides its form.
enum ListState: Sendable {
  /// The page lists the events that a query selects, and reports the event that was just recorded.
  case events(ListQuery, created: EventID? = nil)
  /// The filter is invalid. It is shown with its errors, and nothing is listed.
  case invalidFilter(FilledForm)
  /// Something other than the list failed. The page lists the query's events next to the problem, or none if it is nil.
  case problem(ProblemDetails, beside: ListQuery?)

  /// The events to list; nil if nothing can be listed.
  var list: ListQuery? {
    switch self {
    case .events(let list, _): list
    case .invalidFilter: nil
    case .problem(_, let list): list
    }
  }

  /// The values and errors of the filter.
  var filter: FilledForm {
    if case .invalidFilter(let filter) = self { return filter }
    return FilledForm(values: (list ?? .newestEvents).formValues)
  }

  var created: EventID? {
    if case .events(_, let created) = self { created } else { nil }
  }

  var problem: ProblemDetails? {
    if case .problem(let problem, _) = self { problem } else { nil }
  }
}
