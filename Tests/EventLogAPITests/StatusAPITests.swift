import EventLog
import HTTPCore
import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import EventLogAPI
import EventLogFormats
import Text

/// Tests of `GET /status` and `GET /metrics`.
struct StatusAPITests {
  private static let statistics = ServerStatistics(
    uptime: .milliseconds(61_005), workers: 2, busyWorkers: 1, acceptedConnections: 9, openConnections: 4,
    idleConnections: 3, requestsInFlight: 1, arrivingRequests: 2, arrivingBytes: 70_000, droppedLogLines: 5,
    answered: [0, 0, 7, 1, 2, 0], totalDuration: .milliseconds(1500),
    durations: [
      ServerStatistics.Bucket(bound: .milliseconds(5), count: 8),
      ServerStatistics.Bucket(bound: .seconds(1), count: 9),
    ],
    slowest: [
      ServerStatistics.Answered(
        id: "abc", method: "GET", target: "/events?q=%22", status: 200, duration: .milliseconds(1250),
        age: .seconds(3))
    ])

  /// Limits of streams of which something has come to pass, and the place that one still has.
  private static func streams() throws -> (StreamLimits, StreamLimits.Place) {
    let limits = StreamLimits(maximum: 2)
    let request = Request(target: try #require(RequestTarget(path: "/events/stream")))
    let places = try (1...2).map { _ in try limits.place(for: request) }
    #expect(throws: ProblemDetails.self) { try limits.place(for: request) }
    // Each number is another one.
    for _ in 0..<3 { limits.meter.streamAbandoned() }
    limits.meter.sent(events: 7)
    return (limits, places[0])
  }

  private static func get(_ path: String, store: any EventStore) async throws -> Response {
    let (limits, place) = try streams()
    defer { withExtendedLifetime(place) {} }
    let status = StatusAPI(
      store: store, storeName: "memory", availability: Availability(store: store), version: "1.2.3",
      statistics: { statistics }, streams: limits)
    return await Router(status.routes).respond(
      to: Request(target: try #require(RequestTarget(path: path)), clientAddress: "::1"))
  }

  private static func storeWithThree() async throws -> MemoryEventStore {
    let store = MemoryEventStore()
    let draft = try EventDraft(EventDraftFields(form: [("type", "info"), ("source", "a"), ("message", "b")]))
    try await store.append([draft, draft])
    try await store.append(draft)
    return store
  }

  @Test func tellsEverythingAsJSON() async throws {
    let response = try await Self.get("/status", store: try await Self.storeWithThree())
    #expect(response.fields[.contentType] == "application/json")
    #expect(response.fields[.cacheControl] == "no-store")
    let wanted = """
      {"status":"ok","version":"1.2.3","uptime":61.005,\
      "store":{"kind":"memory","events":3,"indexed_events":null,"bytes":null,"wal_bytes":null,"growth_bytes_per_hour":null,"commits":2,"committed_events":3,"events_per_commit":1.5},\
      "connections":{"accepted":9,"open":4,"idle":3,"arriving":2,"arriving_bytes":70000},"workers":{"total":2,"busy":1},\
      "requests":{"in_flight":1,"answered":{"1xx":0,"2xx":7,"3xx":1,"4xx":2,"5xx":0},"slowest":[\
      {"request_id":"abc","method":"GET","target":"/events?q=%22","status":200,"duration":1.250,"age":3.000}]},"streams":{"open":1,"opened":2,"refused":1,"abandoned":3,"events":7},\
      "log":{"dropped_lines":5}}

      """
    #expect(String(decoding: try await response.bytes(), as: UTF8.self) == wanted)
  }

  @Test func tellsWhatALogOnDiskTakesAndHowFastItGrows() async throws {
    let store = LargeStore()
    let status = try JSONValue(parsing: try await Self.get("/status", store: store).bytes())["store"]
    #expect(status?["bytes"] == .number(5000))
    #expect(status?["wal_bytes"] == .number(3000))
    #expect(status?["growth_bytes_per_hour"] == .number(70))
    let metrics = try await Self.get("/metrics", store: store)
    let samples = String(decoding: try await metrics.bytes(), as: UTF8.self).split(separator: "\n")
    for sample in ["bytes 5000", "wal_bytes 3000", "growth_bytes_per_hour 70"] {
      #expect(samples.contains("eventlog_store_\(sample)"))
    }
  }

  @Test func tellsWhatItCanWhenTheStoreDoesNotAnswer() async throws {
    let store = FailingStore(.unavailable, cause: "secret")
    let status = try JSONValue(parsing: try await Self.get("/status", store: store).bytes())
    #expect(status["status"] == .string("unavailable"))
    #expect(status["store"] == .object([JSONMember(name: "kind", value: .string("memory"))]))
    #expect(status["connections"]?["open"] == .number(4))
    let metrics = try await Self.get("/metrics", store: store)
    let text = String(decoding: try await metrics.bytes(), as: UTF8.self)
    #expect(text.contains("\neventlog_up 0\n"))
    #expect(!text.contains("eventlog_store"))
  }

  @Test func tellsPrometheusInItsFormat() async throws {
    let response = try await Self.get("/metrics", store: try await Self.storeWithThree())
    #expect(response.fields[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
    let lines = String(decoding: try await response.bytes(), as: UTF8.self).split(separator: "\n")
    let samples = lines.filter { !$0.hasPrefix("#") }
    for sample in [
      "eventlog_up 1", "eventlog_build_info{version=\"1.2.3\"} 1", "eventlog_uptime_seconds 61.005",
      "eventlog_store_events 3", "eventlog_store_commits_total 2", "eventlog_connections_idle 3",
      "eventlog_streams_open 1", "eventlog_streams_opened_total 2", "eventlog_streams_refused_total 1",
      "eventlog_streams_abandoned_total 3", "eventlog_stream_events_total 7",
      "eventlog_responses_total{code=\"2xx\"} 7",
      "eventlog_request_duration_seconds_bucket{le=\"0.005\"} 8",
      "eventlog_request_duration_seconds_bucket{le=\"+Inf\"} 10",
      "eventlog_request_duration_seconds_sum 1.500", "eventlog_request_duration_seconds_count 10",
    ] {
      #expect(samples.contains(Substring(sample)), "\(sample)")
    }
    // Each metric is described once, before its samples.
    for name in Set(samples.map { $0.prefix { $0 != " " && $0 != "{" } }) {
      let metric = ["_bucket", "_sum", "_count"].reduce(name) {
        $0.hasPrefix("eventlog_request_duration") && $0.hasSuffix($1) ? $0.dropLast($1.count) : $0
      }
      for word in ["HELP", "TYPE"] {
        #expect(lines.filter { $0.hasPrefix("# \(word) \(metric) ") }.count == 1, "\(name)")
      }
    }
  }
}

/// A store that takes room on disk.
private struct LargeStore: WrappingStore {
  let log = MemoryEventStore()

  func statistics() async throws(EventStoreError) -> StoreStatistics {
    StoreStatistics(
      events: 1, indexedEvents: 1, disk: StoreStatistics.Disk(size: 5000, writeAheadLog: 3000, growth: 70),
      commits: 1,
      committedEvents: 1)
  }
}
