import EventLog
import EventLogFormats
import HTTPCore
import HTTPTypes
import Text

extension EventAPI {
  /// `GET /events`: returns the events that match, oldest first unless the query says otherwise.
  ///
  /// With `limit`, the response is one page, with links to the others. Without it, the response is everything that
  /// matches and was recorded before the request, streamed in constant memory.
  ///
  /// - Parameters:
  ///   - format: the format of the response.
  ///   - isDownload: whether the list is a file of its own (`/events.csv`) rather than one of the representations of
  ///     `/events`.
  /// - Returns: the handler.
  func listEvents(as format: EventFormat, isDownload: Bool = false) -> Handler {
    { request throws(ProblemDetails) in
      try await listEvents(request, as: format, isDownload: isDownload)
    }
  }

  private func listEvents(
    _ request: Request, as format: EventFormat, isDownload: Bool
  ) async throws(ProblemDetails) -> Response {
    var parameters = try request.queryParameters()
    let hasMark = isDownload && format == .csv ? try ByteOrderMark.take(from: &parameters) : false
    let wait = isDownload ? nil : try LongPoll.take(from: &parameters)
    var query: EventQuery
    do {
      query = try EventQuery(parameters: parameters)
      try query.filter.requireAddressableSize()
    } catch {
      throw ProblemDetails(error)
    }
    query.client = request.client
    if wait != nil, !parameters.contains(where: { $0.name == "after" && !$0.value.isEmpty }) {
      throw LongPoll.problem("requires after, the newest event that you have")
    }
    let list = EventList(
      query: query, format: format, isDownload: isDownload, hasByteOrderMark: hasMark,
      mount: request.target.mount)
    let log = try request.readable(store)
    do {
      if let wait { try await wait.untilSomethingMatches(query, in: log, availability) }
      if wait == nil, request.fields.contains(.ifNoneMatch) {
        let state = try await log.state()
        if request.hasCurrent(list.entityTag(state)) { return .notModified(list.fields(state)) }
      }
      let writer = hasMark ? ByteOrderMark.writer(format.writer) : format.writer
      var response = try await respond(with: list, from: log, written: writer)
      response.lastsAsLongAsItsClient = wait != nil
      return response
    } catch {
      throw ProblemDetails(error)
    }
  }

  private func respond<Writer: EventWriter>(
    with list: EventList, from log: any ReadableLog, written writer: Writer
  ) async throws(EventStoreError) -> Response {
    let page = try await log.page(list.query, of: Writer.Item.self)
    var fields = list.fields(page.state)
    fields[.link] = list.links(from: page)
    return Response(.ok, fields: fields, body: body(of: list, from: page, of: log, written: writer))
  }

  /// Returns the body: one page, or the first page and everything after it that was recorded when it was read. The body
  /// is streamed unless it is one short page.
  private func body<Writer: EventWriter>(
    of list: EventList, from page: EventPage<Writer.Item>, of log: any ReadableLog, written writer: Writer
  ) -> Response.Body {
    let isAll = list.query.limit != nil || page.next == nil
    if isAll, let text = writer.text(of: page, maximumSize: Self.shortSize) { return .bytes(text) }
    return .stream { body in
      try await writer.export(page, more: isAll ? 0 : nil, from: log, to: body.write)
    }
  }

  /// The largest size in bytes of a page that is written in full before it is sent.
  private static let shortSize = 1 << 20
}
