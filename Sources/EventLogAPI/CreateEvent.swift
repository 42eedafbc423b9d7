import EventLog
import EventLogFormats
import HTTPCore
import HTTPTypes
import JSON

extension EventAPI {
  /// `POST /events`: records an event, given as JSON or as a form. When it answers 201, the event is durable.
  func createEvent(_ request: Request) async throws(ProblemDetails) -> Response {
    try request.refuseCrossSite()
    let fields = try Self.draftFields(request)
    let draft: EventDraft
    do { draft = try EventDraft(fields) } catch { throw ProblemDetails(error) }
    let event: Event
    do { event = try await store.append(draft) } catch { throw ProblemDetails(error) }
    var response = Response.json(event, status: .created)
    response.fields[.location] = "\(request.target.mount)/events/\(event.id)"
    return response
  }

  private static func draftFields(_ request: Request) throws(ProblemDetails) -> EventDraftFields {
    let contentType = try request.contentType()
    guard contentType.isUTF8 else {
      throw ProblemDetails(.unsupportedMediaType, detail: "The content must be in UTF-8.")
    }
    if contentType.isSame(as: .json) { return try draftFields(json: request.body) }
    if contentType.isSame(as: .form) { return try draftFields(form: request.body) }
    throw ProblemDetails(
      .unsupportedMediaType,
      detail: "An event is given as \(MediaType.json) or as \(MediaType.form).",
      fields: [.accept: "\(MediaType.json), \(MediaType.form)"])
  }

  private static func draftFields(json body: [UInt8]) throws(ProblemDetails) -> EventDraftFields {
    do {
      return EventDraftFields(json: try JSONValue(parsing: body))
    } catch {
      throw ProblemDetails(
        .badRequest, detail: "The content is not JSON: \(error.reason), at byte \(error.offset).")
    }
  }

  private static func draftFields(form body: [UInt8]) throws(ProblemDetails) -> EventDraftFields {
    guard let form = FormURLEncoded.decode(body) else {
      throw ProblemDetails(
        .badRequest, detail: "The content has a broken percent-encoding or is not UTF-8.")
    }
    return EventDraftFields(form: form)
  }
}
