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
    var query: EventQuery
    do { query = try EventQuery(parameters: parameters) } catch { throw ProblemDetails(error) }
    do {
      // Read before the events: a tag that is older than what it names costs a transfer, and nothing else.
      let lastID = try await store.lastID()
      let entityTag = EntityTag.state(
        of: lastID, "\(query.fingerprint)-\(representation.suffix)")
      var fields: HTTPFields = [
        .contentType: representation.contentType, .cacheControl: "no-cache", .eTag: entityTag.description,
      ]
      if isDownload {
        fields[.contentDisposition] =
          "attachment; filename=\"events-\(Timestamp.now().fileNamePart).\(representation.suffix)\""
      } else {
        fields[.vary] = "Accept"
      }
      if request.hasCurrent(entityTag) { return .notModified(fields) }

      if query.limit == nil { query.lastID = lastID }
      let page = try await store.page(query)
      let path = request.target.mount + "/events" + (isDownload ? ".\(representation.suffix)" : "")
      fields[.link] = Self.links(from: page, of: query, path: path, mount: request.target.mount)
      return Response(.ok, fields: fields, body: body(page, of: query, as: representation))
    } catch {
      throw ProblemDetails(error)
    }
  }

  /// The `Link` field (RFC 8288): the other pages, and what tells of the API (RFC 8631).
  private static func links(
    from page: EventPage, of query: EventQuery, path: String, mount: String
  ) -> String {
    var first = query
    first.cursor = nil
    let pages =
      query.limit == nil ? [] : [("first", first), ("prev", page.previous), ("next", page.next)]
    return
      (pages.compactMap { relation, target in
        target.map { "<\(path)?\(FormURLEncoded.encode($0.parameters))>; rel=\"\(relation)\"" }
      } + [serviceLinks(mount: mount)]).joined(separator: ", ")
  }

  /// One page, or everything from the first page on; streamed unless that page is all.
  private func body(
    _ firstPage: EventPage, of query: EventQuery, as representation: EventRepresentation
  ) -> Response.Body {
    guard query.limit == nil, firstPage.next != nil else {
      var text = EventText(representation)
      for event in firstPage.events { text.append(event) }
      text.finish()
      return .bytes(text.take())
    }
    return .stream { [store] writer in
      var text = EventText(representation)
      var page = firstPage
      while true {
        for event in page.events {
          text.append(event)
          if text.count >= Self.partSize { try await writer.write(text.take()) }
        }
        guard let next = page.next else { break }
        page = try await store.page(next)
      }
      text.finish()
      try await writer.write(text.take())
    }
  }

  /// How much of a stream is rendered before it is sent, in bytes.
  private static let partSize = 65_536
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
