import EventLog
import EventLogFormats
import HTTPCore
import HTTPTypes
import Text

extension EventAPI {
  /// The number of events of a feed.
  private static let feedSize = 50

  /// `GET /events.atom`: returns the newest events that match as a feed (RFC 4287), which is the simplest notifier there is.
  func getAtomFeed(_ request: Request) async throws(ProblemDetails) -> Response {
    var query = try Self.followedQuery(request)
    query.order = .descending
    query.limit = Self.feedSize
    let fields: (LogState) -> HTTPFields = { state in
      [
        .contentType: MediaType.atom.description, .cacheControl: "no-cache",
        .eTag: EntityTag(of: state, "\(query.fingerprint)-atom").description,
      ]
    }
    let log = try request.readable(store)
    do {
      if request.fields.contains(.ifNoneMatch) {
        let state = try await log.state()
        if request.hasCurrent(EntityTag(of: state, "\(query.fingerprint)-atom")) {
          return .notModified(fields(state))
        }
      }
      let page = try await log.page(query)
      let filter = query.filter.parameters
      let title = ["Event Log"] + filter.map { "\($0.name): \($0.value)" }
      let feed = AtomFeed(page.state, mount: request.target.mount, query: FormURLEncoded.encode(filter))
      return Response(
        .ok, fields: fields(page.state),
        body: .bytes(feed.text(of: page.events, title: title.joined(separator: " · "))))
    } catch {
      throw ProblemDetails(error)
    }
  }

  /// Reads a query for what is recorded, in the order of recording. It has no parameters of a list.
  static func followedQuery(_ request: Request) throws(ProblemDetails) -> EventQuery {
    let parameters = try request.queryParameters()
    let refused = parameters.filter {
      ["sort", "order", "limit", "cursor"].contains($0.name) && !$0.value.isEmpty
    }
    guard refused.isEmpty else {
      throw ProblemDetails(
        InvalidQuery(
          errors: refused.map {
            InvalidParameter(
              name: $0.name, detail: "is not a parameter here, where events are in the order of recording")
          }))
    }
    var query: EventQuery
    do {
      query = try EventQuery(parameters: parameters)
      try query.filter.requireAddressableSize()
    } catch {
      throw ProblemDetails(error)
    }
    query.client = request.client
    return query
  }
}
