import EventLog
import EventLogAPI
import HTTPCore
import HTTPTypes
import Text

extension HTMLPages {
  /// Handles `GET /events/{id}` for a browser: shows one event with all its members, and the events around it.
  func getEventPage(_ request: Request) async throws(ProblemDetails) -> Response {
    let log = try request.readable(store)
    let id = EventID(request.pathParameters["id"] ?? "")
    let view: EventView
    do {
      guard let id, let event = try await log.event(id) else {
        return await listPage(
          .problem(.noSuchEvent, beside: .newestEvents), form: emptyForm(for: request), for: request)
      }
      let before = try await neighbours(of: id, .previous, in: log)
      let after = try await neighbours(of: id, .next, in: log)
      view = EventView(
        event, before: before, after: after,
        head: head("\(event.id) · Event Log", hasTimes: true, for: request))
    } catch {
      return await listPage(
        .problem(ProblemDetails(error), beside: nil), form: emptyForm(for: request), for: request)
    }
    return page(view, fields: [.vary: "Accept"], for: request)
  }

  /// Returns a few events that were recorded just before or after an event, in the order of recording.
  private func neighbours(
    of id: EventID, _ direction: EventCursor.Direction, in log: any ReadableLog
  ) async throws(EventStoreError) -> [Event] {
    var query = EventQuery()
    query.limit = 3
    query.cursor = EventCursor(direction, of: EventPosition(key: nil, id: id))
    return try await log.page(query).events
  }
}
