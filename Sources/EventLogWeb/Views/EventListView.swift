import EventLog
import HTTPCore

/// What the template `event-list` shows.
struct EventListView {
  /// The head of a column that can be sorted by.
  struct Column {
    let label: String
    /// `ascending` or `descending`; nil when the list is not sorted by it.
    let ariaSort: String?
    /// The query that sorts by it, or that turns the order round.
    let query: String
  }

  /// A link to another page of the list, or to another form of it.
  struct Link {
    /// The query, to be put behind a question mark.
    let query: String
    let label: String
  }

  let rows: [EventRowView]
  let isEmpty: Bool
  let isFiltered: Bool
  let timestamp: Column
  let type: Column
  let source: Column
  /// In the order of the list.
  let previous: Link?
  let next: Link?
  /// The first page, where this is not it.
  let first: Link?
  let hasLinks: Bool
  /// Everything that matches, in the order of the list.
  let downloadQuery: String

  /// - Parameters:
  ///   - page: the events.
  ///   - query: what they answer.
  ///   - mount: where the pages are mounted.
  init(_ page: EventPage<Event>, of query: EventQuery, mount: String) {
    rows = page.events.map { EventRowView($0, mount: mount) }
    isEmpty = rows.isEmpty
    isFiltered = !query.filter.isEverything
    timestamp = Column("Timestamp", .timestamp, of: query)
    type = Column("Type", .type, of: query)
    source = Column("Source", .source, of: query)
    let isNewestFirst = query.order == .descending && query.sort == .timestamp
    let isOldestFirst = query.order == .ascending && query.sort == .timestamp
    func label(_ newest: String, _ oldest: String, _ other: String) -> String {
      isNewestFirst ? newest : isOldestFirst ? oldest : other
    }
    previous = page.previous.map { Link($0, label: label("Newer", "Older", "Previous")) }
    next = page.next.map { Link($0, label: label("Older", "Newer", "Next")) }
    var firstPage = query
    firstPage.cursor = nil
    first = query.cursor.map { _ in Link(firstPage, label: label("Newest", "Oldest", "First")) }
    hasLinks = previous != nil || next != nil || first != nil
    firstPage.limit = nil
    downloadQuery = FormURLEncoded.encode(firstPage.parameters)
  }
}

extension EventListView.Link {
  init(_ query: EventQuery, label: String) {
    self.query = FormURLEncoded.encode(query.parameters)
    self.label = label
  }
}

extension EventListView.Column {
  fileprivate init(_ label: String, _ sort: EventQuery.Sort, of query: EventQuery) {
    self.label = label
    let isSorted = query.sort == sort
    ariaSort = isSorted ? (query.order == .ascending ? "ascending" : "descending") : nil
    var other = query
    other.cursor = nil
    other.sort = sort
    // The newest first, but names from A on.
    let first: EventQuery.Order = sort == .timestamp ? .descending : .ascending
    other.order = isSorted ? (query.order == .ascending ? .descending : .ascending) : first
    self.query = FormURLEncoded.encode(other.parameters)
  }
}
