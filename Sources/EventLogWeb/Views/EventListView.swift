import EventLog
import EventLogFormats
import HTTPCore
import Text

/// The view of the template `event-list`.
struct EventListView {
  /// The header of a column.
  struct Column {
    let label: String
    /// `ascending` or `descending`; nil if the list is not sorted by this column.
    let ariaSort: String?
    /// The query that sorts by this column or, if the list is sorted by it already, reverses the order; nil if lists cannot be
    /// sorted by it.
    let query: String?
    let hasTimes: Bool
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
  let columns: [Column]
  /// Whether the columns are not the usual ones.
  let hasOwnColumns: Bool
  /// The link to the previous page in the order of the list.
  let previous: Link?
  let next: Link?
  /// The link to the first page; nil on the first page itself.
  let first: Link?
  let hasLinks: Bool
  /// Why the page has fewer rows than were asked for; nil if it has them all.
  let note: String?
  /// The formats, the most readable one first.
  let downloads: [Download]

  /// - Parameters:
  ///   - page: the events. Those that would make the page too large are left to the next one.
  ///   - list: the query that selected them.
  ///   - mount: the path at which the pages are mounted.
  init(_ page: EventPage<Event>, of list: ListQuery, mount: String) {
    let query = list.query
    let columns = list.columns ?? .usual
    var room = Self.maximumSize
    var shown: [EventRowView] = []
    let links = SearchLinks(list)
    let marks = TextMarks(query.filter.search)
    let page = page.ending(of: query) { event in
      let row = EventRowView(event, columns: columns, links, marks, mount: mount)
      guard shown.isEmpty || row.size <= room else { return false }
      room -= row.size
      shown.append(row)
      return true
    }
    rows = query.cursor?.direction == .previous ? shown.reversed() : shown
    isEmpty = rows.isEmpty
    let following = query.cursor?.direction == .previous ? page.previous : page.next
    let isCut = rows.count < query.pageSize && following != nil
    note =
      list.isLimited
      ? "A page shows at most \(ListQuery.maximumLimit) events."
      : isCut ? "This page ends early, because its events are large." : nil
    isFiltered = !query.filter.isEverything
    self.columns = columns.all.map { Column($0, of: list) }
    hasOwnColumns = columns != .usual
    let isNewestFirst = query.order == .descending && query.sort == .timestamp
    let isOldestFirst = query.order == .ascending && query.sort == .timestamp
    func label(_ newest: String, _ oldest: String, _ other: String) -> String {
      isNewestFirst ? newest : isOldestFirst ? oldest : other
    }
    previous = page.previous.map { Link($0, of: list, label: label("Newer", "Older", "Previous")) }
    next = page.next.map { Link($0, of: list, label: label("Older", "Newer", "Next")) }
    var firstPage = query
    firstPage.cursor = nil
    first = query.cursor.map { _ in Link(firstPage, of: list, label: label("Newest", "Oldest", "First")) }
    hasLinks = previous != nil || next != nil || first != nil
    var everything = query
    (everything.limit, everything.cursor) = (nil, nil)
    let address = FormURLEncoded.encode(list.parameters(of: everything))
    downloads = EventFormat.allCases.reversed().map { Download($0, query: address) }
  }

  /// The largest size of all rows in bytes, so that a page has at most 2 MiB of HTML: what a page has besides its rows and
  /// a form that someone has filled in is smaller than the difference.
  private static let maximumSize = (2 << 20) - (512 << 10)
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
  fileprivate init(_ query: EventQuery, of list: ListQuery, label: String) {
    self.query = FormURLEncoded.encode(query.parameters + list.pageParameters)
    self.label = label
  }
}

extension EventListView.Column {
  fileprivate init(_ column: ListColumn, of list: ListQuery) {
    label = column.label
    hasTimes = column == .member(.timestamp) || column == .member(.occurredAt)
    guard let sort = EventQuery.Sort(named: column.name) else {
      (ariaSort, query) = (nil, nil)
      return
    }
    let isAscending = list.query.order == .ascending
    let isSorted = list.query.sort == sort
    ariaSort = isSorted ? (isAscending ? "ascending" : "descending") : nil
    // Times start with the newest, names with A.
    let first: EventQuery.Order = sort == .timestamp ? .descending : .ascending
    query = list.address { query in
      query.sort = sort
      query.order = isSorted ? (isAscending ? .descending : .ascending) : first
    }
  }
}
