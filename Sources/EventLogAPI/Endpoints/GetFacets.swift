public import EventLog
import HTTPCore
import HTTPTypes
import JSON
import Text

extension EventAPI {
  /// `GET /events/facets`: counts the most frequent values of a member of the events that match.
  func getFacets(_ request: Request) async throws(ProblemDetails) -> Response {
    let parameters = try request.queryParameters()
    var query: FacetQuery
    do {
      query = try FacetQuery(parameters: parameters)
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
    let facets: EventFacets
    do { facets = try await log.facets(query) } catch { throw ProblemDetails(error) }
    return Response(.ok, fields: fields, body: .bytes(facets.json(by: query.member) + "\n".utf8))
  }
}

extension EventFacets {
  /// Writes the answer to a question.
  ///
  /// - Parameter member: the member that was asked for.
  /// - Returns: JSON on a single line.
  public func json(by member: FacetQuery.Member) -> [UInt8] {
    var text: [UInt8] = []
    text.appendJSON(value(by: member))
    return text
  }

  private func value(by member: FacetQuery.Member) -> JSONValue {
    .object([
      JSONMember(name: "by", value: .string(member.name.string)),
      JSONMember(name: "total", value: .number(total)),
      JSONMember(
        name: "values",
        value: .array(
          values.map {
            .object([
              JSONMember(name: "value", value: $0.value.json),
              JSONMember(name: "count", value: .number($0.count)),
            ])
          })),
      JSONMember(name: "others", value: .number(others)),
      JSONMember(name: "more", value: .bool(hasMore)),
      JSONMember(name: "missing", value: .number(missing)),
    ])
  }
}

extension DataValue {
  fileprivate var json: JSONValue {
    switch self {
    case .string(let string): .string(string.string)
    case .number(let number): .number(number.text)
    case .bool(let bool): .bool(bool)
    case .null: .null
    }
  }
}
