import EventLog
import HTTPCore
import Text

/// The view of the template `event-row`.
struct EventRowView {
  /// A value that links to the same list of only the events that share it or, if only its start is shown, to its event.
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
  /// When the event happened, if the client said so.
  let occurred: TimeView?
  let type: String
  let typeLabel: String
  let typeLink: String
  let source: MarkedText
  let sourceLink: String
  /// The message, or only its start if it is long, since fifty messages can take three megabytes; with what the search
  /// found.
  let message: MarkedText
  let isCut: Bool
  /// The user, the request and the tags.
  let values: [Value]
  let hasValues: Bool
  /// The cells in the order of the columns.
  let cells: [EventCellView]
  /// The size of the row's HTML in bytes, rounded up.
  let size: Int

  /// - Parameters:
  ///   - event: the event to show.
  ///   - columns: the columns of the table.
  ///   - links: the links to the same list with one more term; nil when they would be too long.
  ///   - marks: finds what the search found.
  ///   - mount: the path at which the pages are mounted. It is part of the links, since a template would have to search
  ///     the enclosing views for it each time.
  init(
    _ event: Event, columns: ListColumns = .usual, _ links: SearchLinks? = nil,
    _ marks: TextMarks = TextMarks(nil), mount: String
  ) {
    func list(_ condition: EventCondition) -> String {
      "\(mount)/?\(links?.query(adding: condition) ?? FormURLEncoded.encode(condition.parameters))"
    }
    let link = "\(mount)/events/\(event.id)"
    func value(_ name: String, _ value: String, _ condition: (Text) -> EventCondition) -> Value {
      let (start, isCut) = value.start(of: Self.maximumValueLength)
      return Value(
        name: name, value: isCut ? start + "…" : value, link: isCut ? link : list(condition(Text(value))))
    }
    id = event.id.description
    self.link = link
    timestamp = event.timestamp.description
    // 2024-01-15T14:30:00.000Z
    date = String(timestamp.prefix(10))
    time = String(timestamp.dropFirst(11).dropLast())
    let draft = event.draft
    occurred = draft.occurredAt.map(TimeView.init)
    type = draft.type.rawValue
    typeLabel = draft.type.label
    typeLink = list(.type(draft.type))
    let source = value("source", draft.source, EventCondition.source)
    (self.source, sourceLink) = (marks.mark(source.value), source.link)
    let message: String
    (message, isCut) = draft.message.start(of: Self.messageLength)
    self.message = marks.mark(message)
    var values: [Value] = []
    if let userID = draft.userID { values.append(value("user", userID, EventCondition.userID)) }
    if let requestID = draft.requestID {
      values.append(value("request", requestID, EventCondition.requestID))
    }
    values += draft.tags.map { value("tag", $0, EventCondition.tag) }
    self.values = values
    hasValues = !values.isEmpty
    cells = EventCellView.cells(of: event, columns, link: link, list)
    size =
      Self.markupSize + EscapedHTML.size(of: message) + self.message.markupSize + self.source.markupSize + 2
      * EscapedHTML.size(of: link)
      + ([source] + values).reduce(0) { size, value in
        size + Self.valueMarkupSize + EscapedHTML.size(of: value.value) + EscapedHTML.size(of: value.link)
      } + cells.reduce(0) { $0 + $1.size }
  }

  /// The maximum number of Unicode code points of a message that a list shows.
  private static let messageLength = 600
  /// The maximum number of Unicode code points of any other value that a list shows.
  static let maximumValueLength = 100
  /// The size of the template `event-row` with the members that are always short, in bytes.
  private static let markupSize = 700
  /// The size of what the template has around each value, in bytes.
  private static let valueMarkupSize = 80
}

extension String {
  /// Returns the first code points of the text, and whether they are not all of it.
  func start(of length: Int) -> (text: String, isCut: Bool) {
    let start = unicodeScalars.prefix(length)
    return start.endIndex < endIndex ? (String(start), true) : (self, false)
  }
}
