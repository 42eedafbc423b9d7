import EventLog
import EventLogFormats
import HTTPCore
import HTTPTypes
import Text

extension EventAPI {
  /// `GET /events/stream`: sends what is recorded from now on, or after an event, for as long as the client wants.
  ///
  /// - Parameter format: the format of the stream.
  /// - Returns: the handler.
  func streamEvents(as format: StreamFormat) -> Handler {
    { request throws(ProblemDetails) in try await streamEvents(request, as: format) }
  }

  private func streamEvents(
    _ request: Request, as format: StreamFormat
  ) async throws(ProblemDetails) -> Response {
    guard let streams else {
      throw ProblemDetails(
        .notImplemented,
        detail:
          "A program that answers one request at a time cannot stream; ask for /events with after and wait.")
    }
    var (query, isFromFirst) = try Self.query(request)
    query.filter = request.readable(query.filter)
    let log = try request.readable(store)
    let state: LogState
    do { state = try await log.state() } catch { throw ProblemDetails(error) }
    let fields: HTTPFields = [
      .contentType: format.mediaType.description, .cacheControl: "no-store", .vary: "Accept",
      // nginx passes each part on as it comes.
      .accelBuffering: "no",
    ]
    if request.method == .head { return Response(.ok, fields: fields) }
    let stream = EventStream(
      query: query, isFromFirst: isFromFirst,
      isReset: query.after.map { after in state.lastID.map { after > $0 } ?? true } ?? false,
      start: state.lastID, format: format, feed: streams.feed, place: try streams.limits.place(for: request))
    var response = Response(.ok, fields: fields, body: .stream(stream.send))
    response.lastsAsLongAsItsClient = true
    return response
  }

  /// Reads the filter, and the event after which the stream begins: `after`, or what a browser that connects again names in
  /// `Last-Event-ID`.
  ///
  /// - Returns: the query, and whether the client saw the log when it was empty, and wants everything.
  private static func query(
    _ request: Request
  ) throws(ProblemDetails) -> (query: EventQuery, isFromFirst: Bool) {
    var query = try followedQuery(request)
    guard let last = try request.single(.lastEventID), !last.isEmpty else {
      let isFromFirst = try request.queryParameters().contains {
        $0.name == "after" && $0.value == EventQuery.idBeforeFirst
      }
      return (query, isFromFirst)
    }
    query.after = EventID(last)
    let isFromFirst = last == EventQuery.idBeforeFirst
    guard query.after != nil || isFromFirst else {
      throw ProblemDetails(
        .malformedRequest, detail: "The Last-Event-ID must be the id of an event, such as evt_010.")
    }
    return (query, isFromFirst)
  }
}
