public import EventLog
import JSON

/// An event as it stands in a file that was exported, from this log or from another.
public struct ImportedEvent: Sendable {
  /// nil when the file does not say.
  public let id: EventID?
  /// nil when the file does not say.
  public let timestamp: Timestamp?
  public let draft: EventDraft

  /// The recorded event; nil when it lacks id or timestamp.
  public var event: Event? {
    id.flatMap { id in timestamp.map { Event(id: id, timestamp: $0, draft: draft) } }
  }

  /// - Parameter json: an object with the members of a draft, perhaps `id` and perhaps `timestamp`.
  /// - Throws: `InvalidEvent`.
  init(_ json: JSONValue) throws(InvalidEvent) {
    var members: [JSONMember] = []
    var errors: [InvalidMember] = []
    var id: EventID?
    var timestamp: Timestamp?
    if case .object(let all) = json { members = all }
    for member in members {
      guard case .string(let text) = member.value else { continue }
      if member.name == "id" { id = EventID(text) }
      // The original writes local microseconds without an offset, and means UTC.
      if member.name == "timestamp" {
        timestamp = Timestamp(rfc3339: text, roundsUp: false, assumesUTC: true)
      }
    }
    if id == nil, members.contains(where: { $0.name == "id" }) {
      errors.append(
        InvalidMember(pointer: "/id", detail: "must be evt_ and a positive number, such as evt_001"))
    }
    if timestamp == nil, members.contains(where: { $0.name == "timestamp" }) {
      errors.append(InvalidMember(pointer: "/timestamp", detail: "must be a date and time as in RFC 3339"))
    }
    self.id = id
    self.timestamp = timestamp
    var fields =
      if case .object = json {
        EventDraftFields(json: .object(members.filter { $0.name != "id" && $0.name != "timestamp" }))
      } else {
        EventDraftFields(json: json)
      }
    for error in errors { fields.note(error) }
    draft = try EventDraft(fields)
  }
}
