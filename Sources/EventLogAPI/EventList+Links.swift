import EventLog
import EventLogFormats
import HTTPCore
import Text

extension EventList {
  /// Returns the value of `Link` (RFC 8288): the other pages, and the descriptions of the API (RFC 8631).
  ///
  /// `first` and, if need be, `prev` are left out where the value would be larger than `Response.maximumFieldSize`. `next`
  /// always fits: the filter has at most `EventCondition.maximumAddressableSize` bytes, the cursor at most 2,500, and the
  /// rest a few hundred.
  func links(from page: EventPage<some EventPageItem>) -> String {
    let serviceLinks = EventAPI.serviceLinks(mount: mount)
    if query.limit == nil { return serviceLinks }
    var first = query
    first.cursor = nil
    let path = "\(mount)/events" + (isDownload ? ".\(format.suffix)" : "")
    let mark = hasByteOrderMark ? [(name: ByteOrderMark.parameterName, value: Text("1"))] : []
    let target = "\(path)?\(FormURLEncoded.encode(mark + first.parameters))"
    func link(_ relation: String, _ query: EventQuery?) -> [String] {
      (query?.cursorText).map {
        ["<\(target)&cursor=\(PercentEncoding.encode($0.string))>; rel=\"\(relation)\""]
      } ?? []
    }
    var optional = ["<\(target)>; rel=\"first\""] + link("prev", page.previous)
    let required = link("next", page.next) + [serviceLinks]
    while true {
      let links = (optional + required).joined(separator: ", ")
      if optional.isEmpty || links.utf8.count <= Response.maximumFieldSize { return links }
      optional.removeFirst()
    }
  }
}
