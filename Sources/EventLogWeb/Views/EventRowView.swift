import EventLog
import HTTPCore

/// What the template `event-row` shows.
struct EventRowView {
  /// A value that leads to the events that have it too.
  struct Value {
    /// What it is: `user`.
    let name: String
    let value: String
    let query: String
  }

  let id: String
  /// RFC 3339.
  let timestamp: String
  let date: String
  let time: String
  let type: String
  let typeLabel: String
  let typeQuery: String
  let source: String
  let sourceQuery: String
  /// Its start, where it is long: fifty messages may have three megabytes.
  let message: String
  let isCut: Bool
  /// User, request and tags.
  let values: [Value]
  let hasValues: Bool

  init(_ event: Event) {
    id = event.id.description
    timestamp = event.timestamp.description
    // 2024-01-15T14:30:00.000Z
    date = String(timestamp.prefix(10))
    time = String(timestamp.dropFirst(11).dropLast())
    let draft = event.draft
    type = draft.type.rawValue
    typeLabel = draft.type.label
    typeQuery = Self.query("type", type)
    source = draft.source
    sourceQuery = Self.query("source", source)
    let start = draft.message.unicodeScalars.prefix(Self.messageLength)
    isCut = start.endIndex < draft.message.endIndex
    message = isCut ? String(start) : draft.message
    var values: [Value] = []
    if let userID = draft.userID { values.append(Value("user", "user_id", userID)) }
    if let requestID = draft.requestID { values.append(Value("request", "request_id", requestID)) }
    values += draft.tags.map { Value("tag", "tag", $0) }
    self.values = values
    hasValues = !values.isEmpty
  }

  /// The most characters of a message that a list shows.
  private static let messageLength = 600

  fileprivate static func query(_ name: String, _ value: String) -> String {
    FormURLEncoded.encode([(name, value)])
  }
}

extension EventRowView.Value {
  fileprivate init(_ name: String, _ parameter: String, _ value: String) {
    self.init(name: name, value: value, query: EventRowView.query(parameter, value))
  }
}
