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
    let parameters = PageParameters(try request.queryParameters())
    let log = try request.readable(store)
    let state: ListState
    do {
      let list = try ListQuery(parameters, by: request.client, now: now())
      if parameters.isRewritten, let redirect = redirect(to: parameters.all, mount: request.target.mount) {
        return redirect
      }
      state = .events(list, created: await recorded(parameters.created, in: log))
    } catch {
      state = .invalidFilter(
        FilledForm(values: parameters.query, errors: error.errors.map { ($0.name, $0.detail) }))
    }
    return await listPage(state, form: emptyForm(for: request), for: request)
  }

  /// Returns a redirect to the page with other parameters; nil when they would not fit into a field. The page is then
  /// shown at the address that was asked for.
  private func redirect(to parameters: [(name: Text, value: Text)], mount: String) -> Response? {
    let location = "\(mount)/?\(FormURLEncoded.encode(parameters))"
    guard location.utf8.count <= Response.maximumFieldSize else { return nil }
    return Response(.seeOther, fields: [.location: location, .cacheControl: "no-store"])
  }

  /// Checks the id of a recorded event, so that the page never reports an event that does not exist.
  ///
  /// - Returns: the id, or nil if the log has no such event.
  private func recorded(_ id: EventID?, in log: any ReadableLog) async -> EventID? {
    guard let id, (try? await log.event(id)) != nil else { return nil }
    return id
  }
}
