import EventLog
import EventLogAPI
import EventLogFormats
import HTTPCore
import HTTPTypes
import Text

extension HTMLPages {
  /// Handles `POST /events` from a browser: records an event and redirects the browser to the page, or shows the page
  /// with the form as it was filled in and its errors.
  func postEventForm(_ request: Request) async throws(ProblemDetails) -> Response {
    let form = FilledForm(values: try request.formParameters())
    let draft: EventDraft
    do {
      let fields = form.values.filter { !request.fieldsBesideMembers.contains($0.name) }
      var members = EventDraftFields(form: fields)
      request.defaults.fill(&members)
      draft = try EventDraft(members)
    } catch {
      return await listPage(
        .events(.newestEvents),
        form: FilledForm(values: form.values, errors: error.errors.map { ($0.member, $0.detail) }),
        for: request)
    }
    do throws(ProblemDetails) {
      let event = try await store.record([draft], for: request, form: form.values)[0]
      guard request.visitor.may(.read) else {
        return await listPage(
          .events(.newestEvents, created: event.id), form: emptyForm(for: request), for: request)
      }
      return Response(
        .seeOther,
        fields: [
          .location: "\(request.target.mount)/?created=\(event.id)", .cacheControl: "no-store",
          .setCookie: SourceCookie.field(event.draft.source, mount: request.target.mount),
        ])
    } catch {
      return await listPage(
        .problem(error, beside: .newestEvents), form: form, for: request)
    }
  }
}
