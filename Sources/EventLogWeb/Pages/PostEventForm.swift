import EventLog
import EventLogAPI
import HTTPCore
import HTTPTypes

extension HTMLPages {
  /// `POST /events` from a browser: records an event and sends the browser back to the page, or shows the
  /// page with the form as it was filled in and what is wrong with it.
  func postEventForm(_ request: Request) async throws(ProblemDetails) -> Response {
    try request.refuseCrossSite()
    let form = FilledForm(values: try Self.form(request))
    let draft: EventDraft
    do {
      draft = try EventDraft(EventDraftFields(form: form.values))
    } catch {
      return await listPage(
        .events(.newestEvents),
        form: FilledForm(values: form.values, errors: error.errors.map { (String($0.member), $0.detail) }),
        for: request)
    }
    do {
      let event = try await store.append(draft)
      return Response(
        .seeOther,
        fields: [
          .location: "\(request.target.mount)/?created=\(event.id)", .cacheControl: "no-store",
          .setCookie: SourceCookie.field(event.draft.source, mount: request.target.mount),
        ])
    } catch {
      return await listPage(
        .problem(ProblemDetails(error), beside: .newestEvents), form: form, for: request)
    }
  }

  private static func form(_ request: Request) throws(ProblemDetails) -> [(name: String, value: String)] {
    let contentType = try request.contentType()
    guard contentType.isSame(as: .form), contentType.isUTF8 else {
      throw ProblemDetails(
        .unsupportedMediaType,
        detail: "A page takes \(MediaType.form) in UTF-8; to send JSON, accept \(MediaType.json).")
    }
    guard let form = FormURLEncoded.decode(request.body) else {
      throw ProblemDetails(
        .badRequest, detail: "The content has a broken percent-encoding or is not UTF-8.")
    }
    return form
  }
}
