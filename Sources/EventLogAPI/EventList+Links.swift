import EventLog
import EventLogFormats
import HTTPCore
import Text

extension EventList {
  /// Returns the values of `Link` (RFC 8288): the other pages, and the descriptions of the API (RFC 8631).
  ///
  /// Each value is a field of its own. A link to a page contains the whole query, and Apache accepts at most 8 KiB in
  /// one field of a response.
  func links(from page: EventPage<some EventPageItem>) -> [String] {
    let serviceLinks = EventAPI.serviceLinks(mount: mount)
    if query.limit == nil { return [serviceLinks] }
    var first = query
    first.cursor = nil
    let path = "\(mount)/events" + (isDownload ? ".\(format.suffix)" : "")
    let mark = hasByteOrderMark ? [(name: ByteOrderMark.parameterName, value: Text("1"))] : []
    let target = "\(path)?\(FormURLEncoded.encode(mark + first.parameters))"
    let neighbors = [("prev", page.previous), ("next", page.next)].compactMap { relation, query in
      query?.cursorText.map { "<\(target)&cursor=\(PercentEncoding.encode($0.string))>; rel=\"\(relation)\"" }
    }
    return ["<\(target)>; rel=\"first\""] + neighbors + [serviceLinks]
  }
}
