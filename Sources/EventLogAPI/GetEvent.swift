import EventLog
import HTTPCore
import HTTPTypes

extension EventAPI {
  /// `GET /events/{id}`: the event, or 404. It never changes, so it may be kept as long as anybody likes (RFC 8246).
  func getEvent(_ request: Request) async throws(ProblemDetails) -> Response {
    let text = request.pathParameters["id"] ?? ""
    let event: Event?
    do {
      event = if let id = EventID(text) { try await store.event(id) } else { nil }
    } catch {
      throw ProblemDetails(error)
    }
    guard let event else { throw ProblemDetails.noSuchEvent }
    var response = Response.json(event)
    let entityTag = EntityTag(
      "\(String(event.id.number, radix: 36))-\(String(event.timestamp.milliseconds, radix: 36))",
      isWeak: false)
    response.fields[.eTag] = entityTag.description
    // A browser gets a page at the same address.
    response.fields[.vary] = "Accept"
    response.fields[.cacheControl] = "max-age=31536000, immutable"
    return request.hasCurrent(entityTag) ? .notModified(response.fields) : response
  }
}
