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
    var query = try Self.query(request)
    query.filter = request.readable(query.filter)
    let state: LogState
    do { state = try await request.readable(store).state() } catch { throw ProblemDetails(error) }
    let fields: HTTPFields = [
      .contentType: format.mediaType.description, .cacheControl: "no-store", .vary: "Accept",
      // nginx passes each part on as it comes.
      .accelBuffering: "no",
    ]
    if request.method == .head { return Response(.ok, fields: fields) }
    let stream = EventStream(
      query: query, isReset: query.after.map { $0 > state.lastID ?? $0 } ?? false, start: state.lastID,
      format: format, store: store, feed: streams.feed, place: try streams.limits.place(for: request))
    var response = Response(.ok, fields: fields, body: .stream(stream.send))
    response.lastsAsLongAsItsClient = true
    return response
  }

  /// Reads the filter, and the event after which the stream begins: `after`, or what a browser that connects again names in
  /// `Last-Event-ID`.
  private static func query(_ request: Request) throws(ProblemDetails) -> EventQuery {
    var query = try followedQuery(request)
    if let last = try request.single(.lastEventID), !last.isEmpty {
      guard let id = EventID(last) else {
        throw ProblemDetails(
          .malformedRequest, detail: "The Last-Event-ID must be the id of an event, such as evt_010.")
      }
      query.after = id
    }
    return query
  }
}
