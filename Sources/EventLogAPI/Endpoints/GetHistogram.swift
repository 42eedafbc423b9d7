import EventLog
import HTTPCore
import HTTPTypes
import JSON
import Text

extension EventAPI {
  /// `GET /events/histogram`: counts the events of each type that match in each interval of time.
  func getHistogram(_ request: Request) async throws(ProblemDetails) -> Response {
    let parameters = try request.queryParameters()
    var query: HistogramQuery
    do {
      query = try HistogramQuery(parameters: parameters)
      try query.filter.requireAddressableSize()
    } catch {
      throw ProblemDetails(error)
    }
    query.client = request.client
    let log = try request.readable(store)
    let state: LogState
    do { state = try await log.state() } catch { throw ProblemDetails(error) }
    let entityTag = EntityTag(of: state, query.fingerprint)
    let fields: HTTPFields = [
      .contentType: MediaType.json.description, .cacheControl: "no-cache", .eTag: entityTag.description,
    ]
    if request.hasCurrent(entityTag) { return .notModified(fields) }
    let histogram: EventHistogram
    do {
      histogram = try await log.histogram(query)
    } catch {
      switch error {
      case .invalid(let error): throw ProblemDetails(error)
      case .store(let error): throw ProblemDetails(error)
      }
    }
    var body: [UInt8] = []
    body.appendJSON(histogram.json)
    return Response(.ok, fields: fields, body: .bytes(body + "\n".utf8))
  }
}

extension EventHistogram {
  fileprivate var json: JSONValue {
    .object([
      JSONMember(name: "interval", value: interval.map { .string($0.description) } ?? .null),
      JSONMember(name: "since", value: buckets.first.map { .string($0.since.description) } ?? .null),
      JSONMember(name: "until", value: buckets.last.map { .string($0.until.description) } ?? .null),
      JSONMember(name: "total", value: .number(total)),
      JSONMember(name: "buckets", value: .array(buckets.map(\.json))),
    ])
  }
}

extension EventHistogram.Bucket {
  fileprivate var json: JSONValue {
    .object([
      JSONMember(name: "since", value: .string(since.description)),
      JSONMember(name: "until", value: .string(until.description)),
      JSONMember(name: "total", value: .number(total)),
      JSONMember(
        name: "counts",
        value: .object(
          EventType.allCases.map {
            JSONMember(name: Text($0.rawValue), value: .number(counts[$0] ?? 0))
          })),
    ])
  }
}
