import EventLog
import EventLogFormats
import HTTPCore
import Text

/// The view of the template `event-list`.
struct EventListView {
  /// The header of a sortable column.
  struct Column {
    let label: String
    /// `ascending` or `descending`; nil if the list is not sorted by this column.
    let ariaSort: String?
    /// The query that sorts by this column or, if the list is sorted by it already, reverses the order.
    let query: String
  }

  /// A link to another page of the list.
  struct Link {
    /// The query string without its question mark.
    let query: String
    let label: String
  }

  /// A format in which all matching events can be downloaded.
  struct Download {
    let suffix: String
    let label: String
    /// The query of all matching events, in the order of the list.
    let query: String
  }

  let rows: [EventRowView]
  let isEmpty: Bool
  let isFiltered: Bool
  let timestamp: Column
  let type: Column
  let source: Column
  /// The link to the previous page in the order of the list.
  let previous: Link?
  let next: Link?
  /// The link to the first page; nil on the first page itself.
  let first: Link?
  let hasLinks: Bool
  /// The formats, the most readable one first.
  let downloads: [Download]

  /// - Parameters:
  ///   - page: the events.
  ///   - query: the query that selected them.
  ///   - mount: the path at which the pages are mounted.
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
    let query = FormURLEncoded.encode(firstPage.parameters)
    downloads = EventFormat.allCases.reversed().map { Download($0, query: query) }
  }
}

extension EventListView.Download {
  /// - Parameters:
  ///   - format: the format of the download.
  ///   - query: the query of the events.
  fileprivate init(_ format: EventFormat, query: String) {
    suffix = format.suffix
    label = format.suffix.uppercased()
    // People open CSV in spreadsheets, and Excel needs the byte order mark.
    self.query = format == .csv ? "\(query)&bom=1" : query
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
    // Times start with the newest, names with A.
    let first: EventQuery.Order = sort == .timestamp ? .descending : .ascending
    other.order = isSorted ? (query.order == .ascending ? .descending : .ascending) : first
    self.query = FormURLEncoded.encode(other.parameters)
  }
}
