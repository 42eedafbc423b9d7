import EventLog
import HTTPCore
import HTTPTypes
import JSON
import Text

extension StatusAPI {
  /// `GET /status`: reports what the program is doing, for people and their scripts. Times are in seconds.
  func getStatus(_ request: Request) async throws(ProblemDetails) -> Response {
    let statistics = statistics()
    var body: [UInt8] = []
    body.appendJSON(
      .object([
        JSONMember(
          name: "status", value: .string(await availability.isAvailable() ? "ok" : "unavailable")),
        JSONMember(name: "version", value: .string(version)),
        JSONMember(name: "uptime", value: .number(statistics.uptime.secondsText)),
        JSONMember(name: "store", value: storeStatus(await storeStatistics())),
        JSONMember(name: "connections", value: statistics.connections),
        JSONMember(name: "workers", value: statistics.workerCounts),
        JSONMember(
          name: "requests", value: statistics.requests(showingQueries: request.visitor.may(.read))),
        JSONMember(name: "streams", value: streamCounts),
        JSONMember(
          name: "log",
          value: .object([JSONMember(name: "dropped_lines", value: .number(statistics.droppedLogLines))])),
      ]))
    return Response(
      .ok, fields: [.contentType: MediaType.json.description, .cacheControl: "no-store"],
      body: .bytes(body + "\n".utf8))
  }

  private var streamCounts: JSONValue {
    guard let streams else { return .null }
    let statistics = streams.meter.statistics
    return .object([
      JSONMember(name: "open", value: .number(streams.count)),
      JSONMember(name: "opened", value: .number(statistics.opened)),
      JSONMember(name: "refused", value: .number(statistics.refused)),
      JSONMember(name: "abandoned", value: .number(statistics.abandoned)),
      JSONMember(name: "events", value: .number(statistics.events)),
    ])
  }

  private func storeStatus(_ statistics: StoreStatistics?) -> JSONValue {
    let kind = JSONMember(name: "kind", value: .string(storeName))
    guard let statistics else { return .object([kind]) }
    let mean =
      statistics.commits == 0 ? 0 : Double(statistics.committedEvents) / Double(statistics.commits)
    return .object([
      kind,
      JSONMember(name: "events", value: .number(statistics.events)),
      JSONMember(name: "indexed_events", value: number(statistics.indexedEvents)),
      JSONMember(name: "bytes", value: number(statistics.disk?.size)),
      JSONMember(name: "wal_bytes", value: number(statistics.disk?.writeAheadLog)),
      JSONMember(name: "growth_bytes_per_hour", value: number(statistics.disk?.growth)),
      JSONMember(name: "commits", value: .number(statistics.commits)),
      JSONMember(name: "committed_events", value: .number(statistics.committedEvents)),
      JSONMember(name: "events_per_commit", value: .number(String((mean * 100).rounded() / 100))),
    ])
  }

  private func number(_ number: Int?) -> JSONValue { number.map { .number($0) } ?? .null }
}

extension ServerStatistics {
  fileprivate var connections: JSONValue {
    .object([
      JSONMember(name: "accepted", value: .number(acceptedConnections)),
      JSONMember(name: "open", value: .number(openConnections)),
      JSONMember(name: "idle", value: .number(idleConnections)),
      JSONMember(name: "arriving", value: .number(arrivingRequests)),
      JSONMember(name: "arriving_bytes", value: .number(arrivingBytes)),
    ])
  }

  fileprivate var workerCounts: JSONValue {
    .object([
      JSONMember(name: "total", value: .number(workers)),
      JSONMember(name: "busy", value: .number(busyWorkers)),
    ])
  }

  /// - Parameter showsQueries: whether the targets have their queries, which say what people search for.
  /// - Returns: the counts, and the slowest of the last requests.
  fileprivate func requests(showingQueries showsQueries: Bool) -> JSONValue {
    .object([
      JSONMember(name: "in_flight", value: .number(requestsInFlight)),
      JSONMember(
        name: "answered",
        value: .object((1...5).map { JSONMember(name: Text("\($0)xx"), value: .number(answered[$0])) })),
      JSONMember(name: "slowest", value: .array(slowest.map { $0.json(showingQuery: showsQueries) })),
    ])
  }
}

extension ServerStatistics.Answered {
  fileprivate func json(showingQuery showsQuery: Bool) -> JSONValue {
    let path = Text(target).split(separator: "?", maximumSplits: 1)[0].string
    return .object([
      JSONMember(name: "request_id", value: .string(id)),
      JSONMember(name: "method", value: .string(method)),
      JSONMember(name: "target", value: .string(showsQuery ? target : path)),
      JSONMember(name: "status", value: .number(status)),
      JSONMember(name: "duration", value: .number(duration.secondsText)),
      JSONMember(name: "age", value: .number(age.secondsText)),
    ])
  }
}
