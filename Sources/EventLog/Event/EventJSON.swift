import JSON

/// A recorded event as JSON text, the form that most readers need. A store can create it without creating an `Event`
/// first.
public struct EventJSON: Hashable, Sendable {
  /// The event's position in the order of the query that read it.
  public let position: EventPosition
  /// A JSON object on a single line, in UTF-8.
  public let text: [UInt8]
}

extension EventJSON: EventPageItem {
  public init(_ event: Event, by sort: EventQuery.Sort) {
    var text: [UInt8] = []
    text.appendJSON(event)
    self.init(position: EventPosition(of: event, by: sort), text: text)
  }

  public init(_ stored: StoredEvent, by sort: EventQuery.Sort) throws(EventStoreError) {
    var text: [UInt8] = []
    text.reserveCapacity(stored.source.count + stored.message.count + Self.usualSizeOfTheRest)
    text.appendEventJSON(
      id: stored.id, timestamp: stored.timestamp, type: stored.type.rawValue.utf8Span.span,
      source: stored.source.span, message: stored.message.span, userID: stored.userID.span,
      requestID: stored.requestID.span, tags: stored.tags.span, data: stored.data.span,
      occurredAt: stored.occurredAt, recordedBy: stored.recordedBy.span)
    guard (try? UTF8Span(validating: text.span)) != nil else {
      throw EventStoreError(.damaged, cause: "a text is not UTF-8")
    }
    self.init(position: try stored.position(by: sort), text: text)
  }

  public func position(by sort: EventQuery.Sort) -> EventPosition { position }

  public var size: Int { text.count }

  /// The usual total size of the member names and the short members, in bytes.
  private static let usualSizeOfTheRest = 256
}

extension [UInt8] {
  /// Appends an event as a JSON object on a single line. Optional members that were not given are left out.
  public mutating func appendJSON(_ event: Event) {
    let draft = event.draft
    let type = draft.type.rawValue
    let (userID, requestID, data) = (draft.userID ?? "", draft.requestID ?? "", draft.data?.json ?? "")
    let recordedBy = draft.recordedBy ?? ""
    let tags = draft.tagsJSON
    appendEventJSON(
      id: event.id, timestamp: event.timestamp, type: type.utf8Span.span, source: draft.source.utf8Span.span,
      message: draft.message.utf8Span.span, userID: userID.utf8Span.span, requestID: requestID.utf8Span.span,
      tags: tags.span, data: data.utf8Span.span, occurredAt: draft.occurredAt,
      recordedBy: recordedBy.utf8Span.span)
  }

  /// Appends the members of an event, all in UTF-8, as a JSON object on a single line. An empty optional member was not
  /// given.
  ///
  /// - Parameters:
  ///   - id: the event's id.
  ///   - timestamp: the event's timestamp.
  ///   - type: the name of the event's type.
  ///   - source: the source, not escaped.
  ///   - message: the message, not escaped.
  ///   - userID: the user's id, not escaped.
  ///   - requestID: the request's id, not escaped.
  ///   - tags: the tags as a JSON array.
  ///   - data: the data as a JSON object.
  ///   - occurredAt: when it happened; nil when the client did not say.
  ///   - recordedBy: who recorded it, not escaped.
  fileprivate mutating func appendEventJSON(
    id: EventID, timestamp: Timestamp, type: Span<UInt8>, source: Span<UInt8>, message: Span<UInt8>,
    userID: Span<UInt8>, requestID: Span<UInt8>, tags: Span<UInt8>, data: Span<UInt8>,
    occurredAt: Timestamp?, recordedBy: Span<UInt8>
  ) {
    append(#"{"id":""#)
    id.append(to: &self)
    append(#"","timestamp":""#)
    timestamp.append(to: &self)
    append(#"","type":""#)
    append(copying: type)
    append(#"","source":"#)
    appendJSON(string: source)
    append(#","message":"#)
    appendJSON(string: message)
    if !userID.isEmpty {
      append(#","user_id":"#)
      appendJSON(string: userID)
    }
    if !requestID.isEmpty {
      append(#","request_id":"#)
      appendJSON(string: requestID)
    }
    if !tags.isEmpty {
      append(#","tags":"#)
      append(copying: tags)
    }
    if !data.isEmpty {
      append(#","data":"#)
      appendJSON(text: data)
    }
    if let occurredAt {
      append(#","occurred_at":""#)
      occurredAt.append(to: &self)
      append(UInt8(ascii: "\""))
    }
    if !recordedBy.isEmpty {
      append(#","recorded_by":"#)
      appendJSON(string: recordedBy)
    }
    append(UInt8(ascii: "}"))
  }
}
