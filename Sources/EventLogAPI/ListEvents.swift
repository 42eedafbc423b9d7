import EventLog
import HTTPCore
import HTTPTypes

extension EventAPI {
  /// `GET /events`: the events that match, oldest first unless asked otherwise.
  ///
  /// With `limit` it is one page, with links to the others; without, everything that matches and was recorded
  /// before the request, streamed in constant memory.
  ///
  /// - Parameters:
  ///   - representation: the form of the events.
  ///   - isDownload: whether it is a file of its own (`/events.csv`) and not one of several forms of `/events`.
  /// - Returns: the handler.
  func listEvents(as representation: EventRepresentation, isDownload: Bool = false) -> Handler {
    { request throws(ProblemDetails) in
      try await listEvents(request, as: representation, isDownload: isDownload)
    }
  }

  private func listEvents(
    _ request: Request, as representation: EventRepresentation, isDownload: Bool
  ) async throws(ProblemDetails) -> Response {
    let parameters = try request.queryParameters()
    let list: List
    do {
      list = List(
        query: try EventQuery(parameters: parameters), representation: representation, isDownload: isDownload)
    } catch {
      throw ProblemDetails(error)
    }
    do {
      if request.fields.contains(.ifNoneMatch) {
        let lastID = try await store.lastID()
        if request.hasCurrent(list.entityTag(lastID)) { return .notModified(list.fields(lastID)) }
      }
      return switch representation {
      case .csv: try await respond(with: list, mount: request.target.mount, reading: store.page)
      case .json, .ndjson:
        try await respond(
          with: list, mount: request.target.mount,
          reading: { query throws(EventStoreError) in try await store.page(query, of: EventJSON.self) })
      }
    } catch {
      throw ProblemDetails(error)
    }
  }

  private func respond<Item: EventTextItem>(
    with list: List, mount: String, reading read: @escaping EventPage<Item>.Reading
  ) async throws(EventStoreError) -> Response {
    let page = try await read(list.query)
    var fields = list.fields(page.lastID)
    fields[.link] = list.links(from: page, mount: mount)
    return Response(.ok, fields: fields, body: list.body(page, reading: read))
  }
}

/// What is answered to one request for a list.
private struct List {
  let query: EventQuery
  let representation: EventRepresentation
  let isDownload: Bool

  func entityTag(_ lastID: EventID?) -> EntityTag {
    EntityTag.state(of: lastID, "\(query.fingerprint)-\(representation.suffix)")
  }

  /// - Parameter lastID: the newest event of the log when the events were read.
  /// - Returns: the fields of the answer, but for `Link`.
  func fields(_ lastID: EventID?) -> HTTPFields {
    var fields: HTTPFields = [
      .contentType: representation.contentType, .cacheControl: "no-cache",
      .eTag: entityTag(lastID).description,
    ]
    if isDownload {
      fields[.contentDisposition] =
        "attachment; filename=\"events-\(Timestamp.now().fileNamePart).\(representation.suffix)\""
    } else {
      fields[.vary] = "Accept"
    }
    return fields
  }

  /// The `Link` field (RFC 8288): the other pages, and what tells of the API (RFC 8631).
  func links(from page: EventPage<some EventPageItem>, mount: String) -> String {
    let serviceLinks = EventAPI.serviceLinks(mount: mount)
    if query.limit == nil { return serviceLinks }
    let path = "\(mount)/events" + (isDownload ? ".\(representation.suffix)" : "")
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

  /// One page, or everything from the first page on that was there when it was read. It is streamed unless it is one
  /// short page: a thousand events may take a hundred megabytes.
  func body<Item: EventTextItem>(
    _ firstPage: EventPage<Item>, reading read: @escaping EventPage<Item>.Reading
  ) -> Response.Body {
    let isAll = query.limit != nil || firstPage.next == nil
    guard !isAll || firstPage.events.reduce(0, { $0 + $1.size }) > Self.shortSize else {
      var text = EventText(representation)
      for event in firstPage.events { event.append(to: &text) }
      text.finish()
      return .bytes(text.take())
    }
    return .stream { [representation, query] writer in
      try await firstPage.export(
        as: representation, more: query.limit == nil ? nil : 0, reading: read, to: writer.write)
    }
  }

  /// The size of a page that is made before it is sent, in bytes.
  private static let shortSize = 1 << 20
}

extension EntityTag {
  /// Names what a query answers as long as no further event is recorded.
  static func state(of lastID: EventID?, _ query: String) -> EntityTag {
    EntityTag("\(String(lastID?.number ?? 0, radix: 36))-\(query)", isWeak: true)
  }
}

extension Timestamp {
  /// Of ISO 8601's basic format, to the second: `20240115T143000Z`.
  fileprivate var fileNamePart: String {
    description.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
  }
}
