import EventLog
import EventLogFormats
import HTTPCore
import HTTPTypes

/// A request for a list of events, and the fields of its response.
struct EventList {
  let query: EventQuery
  let format: EventFormat
  /// Whether the list is a file of its own (`/events.csv`) rather than one of the representations of `/events`.
  let isDownload: Bool
  /// The path under which the program is mounted, without a trailing slash.
  let mount: String

  func entityTag(_ state: LogState) -> EntityTag {
    EntityTag(of: state, "\(query.fingerprint)-\(format.suffix)")
  }

  /// - Parameter state: the state of the log when the events were read.
  /// - Returns: the fields of the response, except for `Link`.
  func fields(_ state: LogState) -> HTTPFields {
    var fields: HTTPFields = [
      .contentType: format.contentType, .cacheControl: "no-cache", .eTag: entityTag(state).description,
    ]
    if isDownload {
      fields[.contentDisposition] =
        "attachment; filename=\"events-\(Timestamp.now().fileNamePart).\(format.suffix)\""
    } else {
      fields[.vary] = "Accept"
    }
    return fields
  }

  /// Returns the value of `Link` (RFC 8288): the other pages, and the descriptions of the API (RFC 8631).
  func links(from page: EventPage<some EventPageItem>) -> String {
    let serviceLinks = EventAPI.serviceLinks(mount: mount)
    if query.limit == nil { return serviceLinks }
    let path = "\(mount)/events" + (isDownload ? ".\(format.suffix)" : "")
    var first = query
    first.cursor = nil
    let parameters = FormURLEncoded.encode(first.parameters)
    var links = "<\(path)?\(parameters)>; rel=\"first\", "
    for (relation, target) in [("prev", page.previous), ("next", page.next)] {
      guard let cursor = target?.cursorText else { continue }
      links += "<\(path)?\(parameters)&cursor=\(PercentEncoding.encode(cursor))>; rel=\"\(relation)\", "
    }
    return links + serviceLinks
  }
}
