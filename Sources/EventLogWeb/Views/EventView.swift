import EventLog
import HTTPCore
import Text

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

  init(_ event: Event, before: [Event], after: [Event], head: HeadView) {
    self.head = head
    let mount = head.mount
    self.mount = mount
    id = event.id.description
    members = EventMember.allCases.flatMap { Self.members($0, of: event) }
    // The newest come first, as in the list.
    self.before = before.reversed().map { EventRowView($0, mount: mount) }
    self.after = after.reversed().map { EventRowView($0, mount: mount) }
    hasBefore = !before.isEmpty
    hasAfter = !after.isEmpty
    previousID = before.last?.id.description
    nextID = after.first?.id.description
  }

  /// What the page shows of one member: nothing where the event does not have it, and each tag by itself. The id is the
  /// title.
  private static func members(_ member: EventMember, of event: Event) -> [Member] {
    let draft = event.draft
    func all(_ values: [String?], name: String? = nil) -> [Member] {
      let name = name ?? member.rawValue
      let isLink = EventCondition.parameterNames.contains(name)
      return values.compactMap(\.self).map { value in
        Member(
          name: name, value: value, query: isLink ? FormURLEncoded.encode([(Text(name), Text(value))]) : nil,
          isTime: member == .timestamp || member == .occurredAt, isLong: member == .message || member == .data
        )
      }
    }
    return switch member {
    case .id: []
    case .timestamp: all([event.timestamp.description])
    case .type: all([draft.type.rawValue])
    case .source: all([draft.source])
    case .message: all([draft.message])
    case .userID: all([draft.userID])
    case .requestID: all([draft.requestID])
    case .tags: all(draft.tags, name: "tag")
    case .data: all([draft.data?.json])
    case .occurredAt: all([draft.occurredAt?.description])
    case .recordedBy: all([draft.recordedBy])
    }
  }
}
