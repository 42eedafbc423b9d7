import EventLog
import HTTPCore
import HTTPTypes
import Text

extension EventAPI {
  /// `GET /events/{id}`: returns the event, or 404 when there is none.
  func getEvent(_ request: Request) async throws(ProblemDetails) -> Response {
    let text = request.pathParameters["id"] ?? ""
    let log = try request.readable(store)
    let event: Event?
    do {
      event = if let id = EventID(text) { try await log.event(id) } else { nil }
    } catch {
      throw ProblemDetails(error)
    }
    guard let event else { throw ProblemDetails.noSuchEvent }
    let body = event.line
    let entityTag = EntityTag(of: body)
    let fields: HTTPFields = [
      .contentType: MediaType.json.description, .cacheControl: "no-cache", .eTag: entityTag.description,
      // At the same address, a browser gets a page.
      .vary: "Accept",
    ]
    return request.hasCurrent(entityTag)
      ? .notModified(fields) : Response(.ok, fields: fields, body: .bytes(body))
  }
}
