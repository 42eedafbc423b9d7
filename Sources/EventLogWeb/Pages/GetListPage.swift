import EventLog
import EventLogAPI
import HTTPCore
import HTTPTypes
import Text

extension HTMLPages {
  /// Handles `GET /`: shows the form, the filter and a page of events, the newest first by default.
  ///
  /// It takes the query parameters of `/events` and those that `PageParameters` adds.
  func getListPage(_ request: Request) async throws(ProblemDetails) -> Response {
    let parameters = PageParameters(try request.queryParameters(), now: now())
    if parameters.isRewritten {
      return Response(
        .seeOther,
        fields: [
          .location: "\(request.target.mount)/?\(FormURLEncoded.encode(parameters.query))",
          .cacheControl: "no-store",
        ])
    }
    let state: ListState
    do {
      var query = try EventQuery(parameters: parameters.query, defaults: .newestEvents)
      query.client = request.client
      state = .events(query, created: await recorded(parameters.created))
    } catch {
      state = .invalidFilter(
        FilledForm(values: parameters.query, errors: error.errors.map { ($0.name, $0.detail) }))
    }
    return await listPage(state, form: emptyForm(for: request), for: request)
  }

  /// Checks the id of a recorded event, so that the page never reports an event that does not exist.
  ///
  /// - Returns: the id, or nil if the log has no such event.
  private func recorded(_ id: EventID?) async -> EventID? {
    guard let id, (try? await store.event(id)) != nil else { return nil }
    return id
  }
}
