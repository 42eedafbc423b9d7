import EventLog
import HTTPCore
import HTTPTypes

extension EventAPI {
  /// `GET /events`: the events that match, oldest first unless asked otherwise.
  ///
  /// With `limit` it is one page, with links to the others; without, everything that matches and was recorded
  /// before the request, streamed in constant memory.
  func listEvents(_ request: Request) async throws(ProblemDetails) -> Response {
    let parameters = try request.queryParameters()
    let query: EventQuery
    do { query = try EventQuery(parameters: parameters) } catch { throw ProblemDetails(error) }
    do {
      return query.limit == nil
        ? try await everything(query)
        : .page(try await store.page(query), of: query, at: request.target.mount)
    } catch { throw ProblemDetails(error) }
  }

  private func everything(_ query: EventQuery) async throws(EventStoreError) -> Response {
    var query = query
    query.lastID = try await store.lastID()
    return .events(from: try await store.page(query), of: store)
  }
}

extension Response {
  private static let fields: HTTPFields = [
    .contentType: MediaType.json.description, .cacheControl: "no-cache",
  ]

  /// One page as a JSON array, with `Link` fields (RFC 8288).
  fileprivate static func page(_ page: EventPage, of query: EventQuery, at mount: String) -> Response {
    var body = Array("[".utf8)
    body.appendJSONElements(page.events)
    body.append(contentsOf: "]\n".utf8)
    var fields = fields
    var first = query
    first.cursor = nil
    let links = [("first", first), ("prev", page.previous), ("next", page.next)]
    fields[.link] = links.compactMap { relation, target in
      target.map { "<\(mount)/events?\(FormURLEncoded.encode($0.parameters))>; rel=\"\(relation)\"" }
    }.joined(separator: ", ")
    return Response(.ok, fields: fields, body: .bytes(body))
  }

  /// All events from a page on as one JSON array. It is streamed unless the page is the only one.
  fileprivate static func events(from firstPage: EventPage, of store: any EventStore) -> Response {
    guard firstPage.next != nil else {
      var body = Array("[".utf8)
      body.appendJSONElements(firstPage.events)
      return Response(.ok, fields: fields, body: .bytes(body + "]\n".utf8))
    }
    return Response(
      .ok, fields: fields,
      body: .stream { writer in
        var part = Array("[".utf8)
        var page = firstPage
        while true {
          for (index, event) in page.events.enumerated() {
            if index > 0 { part.appendSeparator() }
            part.appendJSON(event)
            if part.count >= partSize {
              try await writer.write(part)
              part.removeAll(keepingCapacity: true)
            }
          }
          guard let next = page.next else { break }
          page = try await store.page(next)
          if !page.events.isEmpty { part.appendSeparator() }
        }
        try await writer.write(part + "]\n".utf8)
      })
  }

  /// How much of a stream is rendered before it is sent, in bytes.
  private static let partSize = 65_536
}
