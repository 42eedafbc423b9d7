import EventLog
import EventLogFormats
import HTTPCore
import HTTPTypes
import JSON

extension EventAPI {
  /// `POST /events`: records an event, given as JSON or as a form. When the status is 201, the event is durable.
  func createEvent(_ request: Request) async throws(ProblemDetails) -> Response {
    let fields = try Self.draftFields(request)
    let draft: EventDraft
    do { draft = try EventDraft(fields) } catch { throw ProblemDetails(error) }
    let event: Event
    do { event = try await store.append(draft) } catch { throw ProblemDetails(error) }
    let location = "\(request.target.mount)/events/\(event.id)"
    return Response(
      .created, fields: [.contentType: MediaType.json.description, .location: location],
      body: .bytes(event.line))
  }

  private static func draftFields(_ request: Request) throws(ProblemDetails) -> EventDraftFields {
    if try request.contentType().isSame(as: .form) {
      return EventDraftFields(form: try request.formParameters())
    }
    do {
      return EventDraftFields(json: try JSONValue(parsing: request.body))
    } catch {
      throw ProblemDetails(
        .malformedRequest, detail: "The content is not JSON: \(error.reason), at byte \(error.offset).")
    }
  }
}
