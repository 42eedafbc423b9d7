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
  /// Whether the text starts with a byte order mark.
  let hasByteOrderMark: Bool
  /// The path under which the program is mounted, without a trailing slash.
  let mount: String

  func entityTag(_ state: LogState) -> EntityTag {
    EntityTag(of: state, "\(query.fingerprint)-\(format.suffix)\(hasByteOrderMark ? "-bom" : "")")
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
}
