import EventLog
import HTTPCore
import HTTPTypes

extension HTMLPages {
  /// `GET /`: the form, the filter and a page of the events, newest first unless asked otherwise.
  ///
  /// The query is that of `/events`, and what `PageParameters` adds.
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
      let query = try EventQuery(parameters: parameters.query, defaults: .newestEvents)
      state = .events(query, created: await recorded(parameters.created))
    } catch {
      state = .invalidFilter(
        FilledForm(values: parameters.query, errors: error.errors.map { ($0.name, $0.detail) }))
    }
    return await listPage(state, form: emptyForm(for: request), for: request)
  }

  /// - Returns: the id, unless there is no such event: nobody is told of an event that is not there.
  private func recorded(_ id: EventID?) async -> EventID? {
    guard let id, (try? await store.event(id)) != nil else { return nil }
    return id
  }
}
