import EventLog
import HTTPCore
import HTTPTypes

extension EventAPI {
  /// `GET /events/{id}`: the event, or 404.
  func getEvent(_ request: Request) async throws(ProblemDetails) -> Response {
    let text = request.pathParameters["id"] ?? ""
    let event: Event?
    do {
      event = if let id = EventID(text) { try await store.event(id) } else { nil }
    } catch {
      throw ProblemDetails(error)
    }
    guard let event else { throw ProblemDetails(.notFound, detail: "There is no event with this id.") }
    return .json(event)
  }
}
