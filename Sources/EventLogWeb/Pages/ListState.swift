import EventLog
import HTTPCore

/// What the list page has to show besides its form.
enum ListState {
  /// The events that a query asks for, and the event that was just recorded.
  case events(EventQuery, created: EventID? = nil)
  /// A filter that makes no query, with what is wrong with it. Nothing is listed.
  case invalidFilter(FilledForm)
  /// What went wrong with something else than the list, and what to list beside it; nothing where that is nil.
  case problem(ProblemDetails, beside: EventQuery?)

  /// What to list; nil where nothing can be.
  var query: EventQuery? {
    switch self {
    case .events(let query, _): query
    case .invalidFilter: nil
    case .problem(_, let query): query
    }
  }

  /// What the filter is filled with.
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
