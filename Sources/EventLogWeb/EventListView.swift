import EventLog
import HTTPCore

/// What the template `event-list` shows.
struct EventListView {
  /// One row.
  struct Row {
    let id: String
    /// RFC 3339.
    let timestamp: String
    let date: String
    let time: String
    let type: String
    let source: String
    let message: String
  }

  /// A link to another page of the list.
  struct Link {
    /// The query, to be put behind a question mark.
    let query: String
    let label: String
  }

  let rows: [Row]
  let isEmpty: Bool
  let isFiltered: Bool
  /// In the order of the list.
  let previous: Link?
  let next: Link?
  /// The first page, where this is not it.
  let first: Link?
  let hasLinks: Bool

  init(_ page: EventPage, of query: EventQuery) {
    rows = page.events.map(Row.init)
    isEmpty = rows.isEmpty
    isFiltered = query.filter != EventFilter()
    let isNewestFirst = query.order == .descending
    previous = page.previous.map { Link($0, label: isNewestFirst ? "Newer" : "Older") }
    next = page.next.map { Link($0, label: isNewestFirst ? "Older" : "Newer") }
    var firstPage = query
    firstPage.cursor = nil
    first = query.cursor.map { _ in Link(firstPage, label: isNewestFirst ? "Newest" : "Oldest") }
    hasLinks = previous != nil || next != nil || first != nil
  }
}

extension EventListView.Row {
  init(_ event: Event) {
    id = event.id.description
    timestamp = event.timestamp.description
    // 2024-01-15T14:30:00.000Z
    date = String(timestamp.prefix(10))
    time = String(timestamp.dropFirst(11).dropLast())
    type = event.draft.type.rawValue
    source = event.draft.source
    message = event.draft.message
  }
}

extension EventListView.Link {
  init(_ query: EventQuery, label: String) {
    self.query = FormURLEncoded.encode(query.parameters)
    self.label = label
  }
}
