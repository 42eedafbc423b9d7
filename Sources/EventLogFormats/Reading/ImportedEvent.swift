public import EventLog
import JSON
import Text

/// An event as it appears in a file that was exported from this log or from another.
public struct ImportedEvent: Sendable {
  /// The event's id; nil when the file does not contain it.
  public let id: EventID?
  /// The time of recording; nil when the file does not contain it.
  public let timestamp: Timestamp?
  public let draft: EventDraft

  /// What a client may not say, but only an import may restore.
  var errorsIfNew: [InvalidMember] {
    let given: [EventMember] =
      (id == nil ? [] : [.id]) + (timestamp == nil ? [] : [.timestamp])
      + (draft.recordedBy == nil ? [] : [.recordedBy])
    return given.map(InvalidMember.givenByTheLog)
      + (draft.source == EventDraft.ownSource ? [.reservedSource] : [])
  }

  /// The recorded event; nil when its id or timestamp is missing.
  public var event: Event? {
    id.flatMap { id in timestamp.map { Event(id: id, timestamp: $0, draft: draft) } }
  }

  /// - Parameters:
  ///   - text: the text of a JSON value that `init(_:dropping:)` accepts.
  ///   - dropped: the members that are left out, whatever their values are.
  ///   - defaults: what the event has where the text does not say it.
  /// - Throws: `InvalidEntry` when the text is not JSON, or its value is not an event.
  init(
    parsing text: some Collection<UInt8>, dropping dropped: Set<EventMember> = [],
    defaults: EventDefaults = EventDefaults()
  ) throws(InvalidEntry) {
    if let event = text.withContiguousStorageIfAvailable(ImportedEvent.init(scanning:)) ?? nil {
      self = event.dropping(dropped)
      return
    }
    let json: JSONValue
    do { json = try JSONValue(parsing: text) } catch {
      throw InvalidEntry("it is not JSON: \(error.reason), at byte \(error.offset) of the entry")
    }
    try self.init(json, dropping: dropped, defaults: defaults)
  }

  /// - Parameters:
  ///   - json: an object with the members of a draft and, optionally, `id`, `timestamp` and `recorded_by`.
  ///   - dropped: the members that are left out, whatever their values are.
  ///   - defaults: what the event has where the object does not say it.
  /// - Throws: `InvalidEntry` that names each invalid member.
  init(
    _ json: JSONValue, dropping dropped: Set<EventMember> = [], defaults: EventDefaults = EventDefaults()
  ) throws(InvalidEntry) {
    let json = json.dropping(dropped)
    var draftJSON = json
    var errors: [InvalidMember] = []
    var id: EventID?
    var timestamp: Timestamp?
    var recordedBy: String?
    if case .object(let members) = json {
      draftJSON = .object(members.filter { EventMember(named: $0.name)?.isGivenByTheLog != true })
      if let value = json["id"] {
        if case .string(let text) = value { id = EventID(text) }
        if id == nil {
          errors.append(
            InvalidMember(
              pointer: "/id", detail: "must be evt_ followed by a positive number, such as evt_001"))
        }
      }
      if let value = json["timestamp"] {
        // The original writes a local time with microseconds and no offset, and means UTC.
        if case .string(let text) = value {
          timestamp = Timestamp(rfc3339: text, roundsUp: false, assumesUTC: true)
        }
        if timestamp == nil {
          errors.append(
            InvalidMember(pointer: "/timestamp", detail: "must be an RFC 3339 date and time"))
        }
      }
    }
    self.id = id
    self.timestamp = timestamp
    if case .string(let name)? = json["recorded_by"] {
      recordedBy = name
    } else if let value = json["recorded_by"], value != .null {
      errors.append(InvalidMember(pointer: "/recorded_by", detail: "must be a string, not \(value.kind)"))
    }
    var fields = EventDraftFields(json: draftJSON)
    for error in errors { fields.note(error) }
    fields.recordedBy = recordedBy
    fields.isExported = true
    defaults.fill(&fields)
    do { draft = try EventDraft(fields) } catch { throw InvalidEntry(error) }
  }

  private init(id: EventID?, timestamp: Timestamp?, draft: EventDraft) {
    self.id = id
    self.timestamp = timestamp
    self.draft = draft
  }

  /// Returns the event without what the log gives, where that is dropped.
  private func dropping(_ members: Set<EventMember>) -> ImportedEvent {
    if members.isEmpty { return self }
    return ImportedEvent(
      id: members.contains(.id) ? nil : id, timestamp: members.contains(.timestamp) ? nil : timestamp,
      draft: members.contains(.recordedBy) ? draft.recorded(by: nil) : draft)
  }
}

extension JSONValue {
  /// Returns an object without some members, and any other value as it is.
  func dropping(_ members: Set<EventMember>) -> JSONValue {
    guard !members.isEmpty, case .object(let all) = self else { return self }
    return .object(all.filter { member in !members.contains { $0.rawValue == member.name.string } })
  }
}
