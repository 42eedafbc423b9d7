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

  /// - Parameter text: a JSON text, as `init(_:)` takes its value.
  /// - Throws: `InvalidEntry`.
  init(parsing text: some Sequence<UInt8>) throws(InvalidEntry) {
    let json: JSONValue
    do { json = try JSONValue(parsing: text) } catch {
      throw InvalidEntry("it is not JSON: \(error.reason), at byte \(error.offset) of it")
    }
    try self.init(json)
  }

  /// - Parameter json: an object with the members of a draft, perhaps `id` and perhaps `timestamp`.
  /// - Throws: `InvalidEntry` that names each member that is wrong.
  init(_ json: JSONValue) throws(InvalidEntry) {
    var draftJSON = json
    var errors: [InvalidMember] = []
    var id: EventID?
    var timestamp: Timestamp?
    if case .object(let members) = json {
      draftJSON = .object(members.filter { $0.name != "id" && $0.name != "timestamp" })
      if let value = json["id"] {
        if case .string(let text) = value { id = EventID(text) }
        if id == nil {
          errors.append(
            InvalidMember(pointer: "/id", detail: "must be evt_ and a positive number, such as evt_001"))
        }
      }
      if let value = json["timestamp"] {
        // The original writes local microseconds without an offset, and means UTC.
        if case .string(let text) = value {
          timestamp = Timestamp(rfc3339: text, roundsUp: false, assumesUTC: true)
        }
        if timestamp == nil {
          errors.append(
            InvalidMember(pointer: "/timestamp", detail: "must be a date and time as in RFC 3339"))
        }
      }
    }
    self.id = id
    self.timestamp = timestamp
    var fields = EventDraftFields(json: draftJSON)
    for error in errors { fields.note(error) }
    do { draft = try EventDraft(fields) } catch { throw InvalidEntry(error) }
  }
}
