import EventLog
import Text

/// A cell of a row of events. The template `event-row` shows the members that every event has by the fields of the row.
struct EventCellView {
  /// The values of a member that not every event has.
  struct Other {
    let label: String
    let values: [Value]
  }

  struct Value {
    /// The path of the value below that of the column; nil where it is the column's own.
    var name: String?
    var value = ""
    var time: TimeView?
    /// The address of the events that have the value or, if only its start is shown, of its event.
    var link: String?
  }

  let isTimestamp: Bool
  let isType: Bool
  let isSource: Bool
  let isMessage: Bool
  let isID: Bool
  let other: Other?

  /// The size of the cell's HTML beyond that of its row, in bytes, rounded up.
  var size: Int {
    (other?.values ?? []).reduce(Self.markupSize) { size, value in
      size + Self.markupSize + EscapedHTML.size(of: value.value) + EscapedHTML.size(of: value.name ?? "")
        + EscapedHTML.size(of: value.link ?? "")
    }
  }

  /// The size of what the template has around a cell and around each value, in bytes.
  private static let markupSize = 100
  /// The maximum number of values that a cell shows.
  private static let maximumCount = 20

  private init(_ member: EventMember?, other: Other? = nil) {
    isTimestamp = member == .timestamp
    isType = member == .type
    isSource = member == .source
    isMessage = member == .message
    isID = member == .id
    self.other = other
  }

  /// Makes the cells of an event.
  ///
  /// - Parameters:
  ///   - event: the event.
  ///   - columns: the columns.
  ///   - link: the address of the event's own page.
  ///   - list: returns the address of the events that meet a condition.
  /// - Returns: a cell for each column.
  static func cells(
    of event: Event, _ columns: ListColumns, link: String, _ list: (EventCondition) -> String
  ) -> [EventCellView] {
    if columns == .usual { return usual }
    let draft = event.draft
    lazy var leaves = draft.data?.leaves ?? []
    func value(_ text: String, _ condition: EventCondition? = nil, name: String? = nil) -> Value {
      let (start, isCut) = text.start(of: EventRowView.maximumValueLength)
      return Value(
        name: name, value: isCut ? start + "…" : start, link: isCut ? link : condition.map(list))
    }
    func values(_ member: EventMember) -> [Value]? {
      switch member {
      case .timestamp, .type, .source, .message, .id, .data: nil
      case .userID: draft.userID.map { [value($0, .userID(Text($0)))] } ?? []
      case .requestID: draft.requestID.map { [value($0, .requestID(Text($0)))] } ?? []
      case .tags: draft.tags.map { value($0, .tag(Text($0))) }
      case .occurredAt: draft.occurredAt.map { [Value(time: TimeView($0))] } ?? []
      case .recordedBy: draft.recordedBy.map { [value($0)] } ?? []
      }
    }
    return columns.all.map { column in
      switch column {
      case .member(let member):
        return EventCellView(
          member, other: values(member).map { Other(label: column.label, values: $0) })
      case .data(let path):
        let values = leaves.filter { $0.path.starts(with: path) }.prefix(maximumCount).map { leaf in
          value(
            leaf.value.text.string, .data(leaf),
            name: leaf.path == path ? nil : leaf.path.text.string)
        }
        return EventCellView(nil, other: Other(label: column.label, values: Array(values)))
      }
    }
  }

  private static let usual = ListColumns.usual.all.map { column in
    if case .member(let member) = column { EventCellView(member) } else { EventCellView(nil) }
  }
}
