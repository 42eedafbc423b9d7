import EventLog
import HTTPCore
import Text

/// The view of the template `event-row`.
struct EventRowView {
  /// A value that links to all events that share it.
  struct Value {
    /// The kind of value, such as `user`.
    let name: String
    let value: String
    let link: String
  }

  let id: String
  /// The address of the event's own page.
  let link: String
  /// The timestamp in RFC 3339 format.
  let timestamp: String
  let date: String
  let time: String
  let type: String
  let typeLabel: String
  let typeLink: String
  let source: String
  let sourceLink: String
  /// The message, or only its start if it is long, since fifty messages can take three megabytes.
  let message: String
  let isCut: Bool
  /// The user, the request and the tags.
  let values: [Value]
  let hasValues: Bool

  /// - Parameters:
  ///   - event: the event to show.
  ///   - mount: the path at which the pages are mounted. It is part of the links, since a template would have to search
  ///     the enclosing views for it each time.
  init(_ event: Event, mount: String) {
    func list(_ name: Text, _ value: String) -> String {
      "\(mount)/?\(FormURLEncoded.encode([(name, Text(value))]))"
    }
    func value(_ name: String, _ parameter: Text, _ value: String) -> Value {
      Value(name: name, value: value, link: list(parameter, value))
    }
    id = event.id.description
    link = "\(mount)/events/\(id)"
    timestamp = event.timestamp.description
    // 2024-01-15T14:30:00.000Z
    date = String(timestamp.prefix(10))
    time = String(timestamp.dropFirst(11).dropLast())
    let draft = event.draft
    type = draft.type.rawValue
    typeLabel = draft.type.label
    typeLink = list("type", type)
    source = draft.source
    sourceLink = list("source", source)
    let start = draft.message.unicodeScalars.prefix(Self.messageLength)
    isCut = start.endIndex < draft.message.endIndex
    message = isCut ? String(start) : draft.message
    var values: [Value] = []
    if let userID = draft.userID { values.append(value("user", "user_id", userID)) }
    if let requestID = draft.requestID { values.append(value("request", "request_id", requestID)) }
    values += draft.tags.map { value("tag", "tag", $0) }
    self.values = values
    hasValues = !values.isEmpty
  }

  /// The maximum number of Unicode code points of a message that a list shows.
  private static let messageLength = 600
}
