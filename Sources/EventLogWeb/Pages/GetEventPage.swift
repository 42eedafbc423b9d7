import EventLog
import HTTPCore
import HTTPTypes

extension EventPages {
  /// `GET /events/{id}` for a browser: one event with all its members, and the events around it.
  func eventPage(_ request: Request) async throws(ProblemDetails) -> Response {
    let id = EventID(request.pathParameters["id"] ?? "")
    let view: EventPageView
    do {
      guard let id, let event = try await store.event(id) else {
        let problem = ProblemDetails(.notFound, detail: "There is no event with this id.")
        return await page(
          of: .newestEvents, form: form(request), failure: problem, isStoreFailure: false, request: request)
      }
      let before = try await neighbours(of: id, .previous)
      let after = try await neighbours(of: id, .next)
      view = EventPageView(event, before: before, after: after, mount: request.target.mount)
    } catch {
      return await page(
        of: nil, form: form(request), failure: problem(error), isStoreFailure: true, request: request)
    }
    var fields = pageFields(request)
    fields[.vary] = "Accept"
    return Response(.ok, fields: fields, body: .bytes(Array(Templates.event(view).utf8)))
  }

  /// Some events that were recorded just before or after one, in the order of recording.
  private func neighbours(
    of id: EventID, _ direction: EventCursor.Direction
  ) async throws(EventStoreError) -> [Event] {
    var query = EventQuery()
    query.limit = 3
    query.cursor = EventCursor(direction, of: EventPosition(key: nil, id: id))
    return try await store.page(query).events
  }
}

/// What the template `event` shows.
struct EventPageView {
  struct Member {
    let name: String
    let value: String
    /// The query of the events that have the same; nil where that tells nothing.
    let query: String?
    let isTime: Bool
    let isLong: Bool
  }

  let head: HeadView
  let mount: String
  let id: String
  let members: [Member]
  let before: [EventRowView]
  let after: [EventRowView]
  let hasBefore: Bool
  let hasAfter: Bool
  /// The ids of the events next to it.
  let previousID: String?
  let nextID: String?

  init(_ event: Event, before: [Event], after: [Event], mount: String) {
    head = HeadView(mount: mount, title: "\(event.id) · Event Log", hasTimes: true)
    self.mount = mount
    id = event.id.description
    func member(_ name: String, _ value: String, _ parameter: String? = nil, isTime: Bool = false) -> Member {
      Member(
        name: name, value: value, query: parameter.map { FormURLEncoded.encode([($0, value)]) },
        isTime: isTime,
        isLong: name == "message" || name == "data")
    }
    let draft = event.draft
    var members = [
      member("timestamp", event.timestamp.description, isTime: true),
      member("type", draft.type.rawValue, "type"), member("source", draft.source, "source"),
      member("message", draft.message),
    ]
    if let userID = draft.userID { members.append(member("user_id", userID, "user_id")) }
    if let requestID = draft.requestID { members.append(member("request_id", requestID, "request_id")) }
    members += draft.tags.map { member("tag", $0, "tag") }
    if let data = draft.data { members.append(member("data", data.json)) }
    self.members = members
    // The newest first, as the list has them.
    self.before = before.reversed().map(EventRowView.init)
    self.after = after.reversed().map(EventRowView.init)
    hasBefore = !before.isEmpty
    hasAfter = !after.isEmpty
    previousID = before.last?.id.description
    nextID = after.first?.id.description
  }
}
