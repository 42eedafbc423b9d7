import EventLog
import HTTPCore
import HTTPTypes

extension StatusAPI {
  /// `GET /metrics`: the same for Prometheus, in its text format 0.0.4.
  func metrics(_ request: Request) async throws(ProblemDetails) -> Response {
    let statistics = statistics()
    var text = PrometheusText()
    text.add("up", .gauge, "Whether the log can be used.", await availability.isAvailable() ? 1 : 0)
    text.add("build_info", .gauge, "The version of the program.", [("version", version, 1)])
    text.add("uptime_seconds", .gauge, "Since the start.", value: statistics.uptime.secondsText)
    if let store = await storeStatistics() {
      text.add("store_events", .gauge, "Events in the log.", store.events)
      if let size = store.size { text.add("store_bytes", .gauge, "Size of the log on disk.", size) }
      text.add("store_commits_total", .counter, "Transactions with events.", store.commits)
      text.add(
        "store_committed_events_total", .counter, "Events recorded by this process.", store.committedEvents)
    }
    text.add(
      "connections_accepted_total", .counter, "Connections from the web server.",
      statistics.acceptedConnections)
    text.add("connections_open", .gauge, "Connections that are open.", statistics.openConnections)
    text.add(
      "connections_idle", .gauge, "Of those, the ones that wait for a request.", statistics.idleConnections)
    text.add("workers", .gauge, "Threads that answer.", statistics.workers)
    text.add("workers_busy", .gauge, "Of those, the ones at work.", statistics.busyWorkers)
    text.add(
      "requests_in_flight", .gauge, "Requests that are being answered.", statistics.requestsInFlight)
    text.add(
      "responses_total", .counter, "Requests that were answered, by the class of the status.",
      (1...5).map { ("code", "\($0)xx", statistics.answered[$0]) })
    text.addHistogram(
      "request_duration_seconds", "How long answers took, without the time that clients took to accept them.",
      statistics.durations.map { ($0.bound.secondsText, $0.count) },
      sum: statistics.totalDuration.secondsText, count: statistics.answered.reduce(0, +))
    return Response(
      .ok,
      fields: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
      body: .bytes(text.bytes))
  }
}
