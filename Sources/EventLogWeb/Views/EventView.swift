import EventLog
import HTTPCore

/// The view of the template `event`.
struct EventView: TemplateView {
  static let template = "event"

  struct Member {
    let name: String
    let value: String
    /// The query of the events that share this value; nil if such a list would not be useful.
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
  /// The id of the event that was recorded just before this one; nil for the first event.
  let previousID: String?
  /// The id of the event that was recorded just after this one; nil for the newest event.
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
    // The newest come first, as in the list.
    self.before = before.reversed().map { EventRowView($0, mount: mount) }
    self.after = after.reversed().map { EventRowView($0, mount: mount) }
    hasBefore = !before.isEmpty
    hasAfter = !after.isEmpty
    previousID = before.last?.id.description
    nextID = after.first?.id.description
  }
}
